package stress

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/driver"
)

// A Mix says how often each call occurs, as weights.
type Mix [driver.OpDied]int

// DefaultMix is a load in which most domains run most of the time.
func DefaultMix() Mix {
	return Mix{
		driver.OpDefine: 6, driver.OpUndefine: 2, driver.OpStart: 12, driver.OpDestroy: 4, driver.OpSuspend: 8,
		driver.OpResume: 10,
		driver.OpQuery:  30, driver.OpInfo: 18, driver.OpSetMemory: 8, driver.OpLongJob: 1, driver.OpWait: 1,
	}
}

// ParseMix reads weights such as "query=3,info=1"; calls that are not named do not occur.
func ParseMix(text string) (Mix, error) {
	var m Mix
	total := 0
	for part := range strings.SplitSeq(text, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), "=")
		op, ok := driver.ParseOp(name)
		if !ok || op == driver.OpDied {
			return m, fmt.Errorf("unknown call %q: a mix is CALL=WEIGHT,... with %s", name, m.names())
		}
		n, err := strconv.Atoi(weight)
		if err != nil || n < 0 || n > 1e6 {
			return m, fmt.Errorf("the weight of %s is a number from 0 to 1000000, not %q", name, weight)
		}
		m[op] = n
		total += n
	}
	if total == 0 {
		return m, fmt.Errorf("a mix needs a call whose weight is not 0")
	}
	return m, nil
}

func (m Mix) names() string {
	var names []string
	for op := range m {
		names = append(names, driver.Op(op).String())
	}
	return strings.Join(names, ", ")
}

// String is what [ParseMix] reads.
func (m Mix) String() string {
	var parts []string
	for op, n := range m {
		if n > 0 {
			parts = append(parts, driver.Op(op).String()+"="+strconv.Itoa(n))
		}
	}
	return strings.Join(parts, ",")
}

// without is the mix without calls that only some faults need.
func (m Mix) without(ops ...driver.Op) Mix {
	for _, op := range ops {
		m[op] = 0
	}
	return m
}

// pick is the call for a random number.
func (m Mix) pick(random uint64) driver.Op {
	total := 0
	for _, n := range m {
		total += n
	}
	x := int(random % uint64(max(total, 1)))
	for op, n := range m {
		if x < n {
			return driver.Op(op)
		}
		x -= n
	}
	return driver.OpInfo
}
