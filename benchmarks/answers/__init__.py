"""What the program's checks make of recorded answers, good ones and bad ones."""
