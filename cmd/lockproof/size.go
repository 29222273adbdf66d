package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A size is a flag in bytes: 512M, 4G, 1048576.
type size int64

var units = map[string]int{"": 0, "K": 10, "M": 20, "G": 30, "T": 40}

func (s *size) String() string {
	for _, unit := range []string{"T", "G", "M", "K"} {
		if n := int64(*s) >> units[unit]; n > 0 && n<<units[unit] == int64(*s) {
			return strconv.FormatInt(n, 10) + unit
		}
	}
	return strconv.FormatInt(int64(*s), 10)
}

func (s *size) Type() string { return "size" }

func (s *size) Set(text string) error {
	upper := strings.ToUpper(strings.TrimSpace(text))
	number := strings.TrimRight(upper, "KMGTIB")
	shift, ok := units[strings.TrimSuffix(strings.TrimSuffix(upper[len(number):], "B"), "I")]
	n, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil || n < 0 || n > math.MaxInt64>>shift {
		return fmt.Errorf("a size is a number of bytes with K, M, G or T, as in 512M")
	}
	*s = size(n << shift)
	return nil
}
