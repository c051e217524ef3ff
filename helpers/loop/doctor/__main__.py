"""`python -m helpers.loop.doctor train.py`: run a script under watch."""

from helpers.loop.doctor.command import main

main()
