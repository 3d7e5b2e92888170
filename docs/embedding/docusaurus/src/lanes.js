import "transport-playground";
