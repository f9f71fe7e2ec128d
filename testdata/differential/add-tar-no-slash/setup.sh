mkdir t
echo f >t/f
touch -d @1000000000 t/f
tar -C t --owner=0 --group=0 -cf a.tar f
rm -r t
