#!/bin/sh
echo "Hello from a container: PID $$ on host $(hostname), user $(id -u)."
echo "This image was $(cat /srv/built)."
