touch file
