"""A plan that is made once, sealed, reviewed, and applied as it is: that plan and no other."""
