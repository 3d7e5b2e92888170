const kept = 1;
