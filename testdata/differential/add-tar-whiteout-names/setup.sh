mkdir t
touch t/.wh.one t/file
touch -d @1000000000 t/.wh.one t/file
tar -C t --owner=0 --group=0 -cf a.tar .wh.one file
rm -r t
