"""Set-up of a fresh clone, with nothing but the machine's Python: `python3 -m bootstrap`.

Standard library only, because it runs before anything is installed. What it makes lies in `.venv`, `node_modules` and
`.tools`; removing these three undoes it.
"""
