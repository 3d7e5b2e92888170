const short = 1;
