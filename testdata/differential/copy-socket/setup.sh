mkdir tree
echo f >tree/file
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("tree/socket")'
