echo 'no archive' >text.tar
gzip -nc text.tar >text.gz
: >empty.tar
printf 'PK\003\004junk' >a.zip
head -c 300 /dev/zero >short.tar
