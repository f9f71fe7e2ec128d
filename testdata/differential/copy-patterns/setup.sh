mkdir -p dir/sub dor
touch x.txt y.txt .hidden.txt aa ba ca Za 1a dir/f1 dir/f2 dir/g dor/f3 dir/sub/f4
