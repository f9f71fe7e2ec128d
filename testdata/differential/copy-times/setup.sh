mkdir -p tree/sub
touch tree/old tree/zero tree/late tree/nano tree/sub/f
ln -s old tree/link
touch -d '1999-12-31 23:59:59 UTC' tree/old
touch -d @0 tree/zero
touch -d '2020-02-02 02:02:02.999999999 UTC' tree/nano
touch -h -d '2001-01-01 UTC' tree/link
touch -d '2002-01-01 UTC' tree/sub
touch -d '2003-01-01 UTC' tree
