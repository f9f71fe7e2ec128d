echo f >f
echo a >a.conf
