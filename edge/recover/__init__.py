"""Recovery after a deploy that did not finish: what stands, what the state knows, and one plan that joins the two."""
