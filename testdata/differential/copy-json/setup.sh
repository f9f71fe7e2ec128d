echo 1 >'a b'
echo 2 >c
echo 3 >x
