package schedule

import (
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/driver"
)

// DrawDrill makes a drill at random, the same for the same seed: a sound driver passes it, for no
// thread waits for the end of a domain that nobody ends.
func DrawDrill(seed uint64) Drill {
	r := rand.New(rand.NewPCG(seed, 0x6c6f636b))
	d := Drill{Why: "drawn, seed " + strconv.FormatUint(seed, 10), FaultsPerThread: 1 + r.IntN(2)}
	var used [2]bool
	domain := func() string {
		i := max(0, r.IntN(4)-2) // mostly the first
		used[i] = true
		return "vm" + strconv.Itoa(i+1)
	}
	var threads []string
	for range 2 + r.IntN(3) {
		var calls []string
		for range 1 + r.IntN(5)/3 {
			calls = append(calls, drawCall(r, domain()))
		}
		threads = append(threads, strings.Join(calls, "+"))
	}
	if r.IntN(6) == 0 {
		threads = append(threads, shutdown+"()")
	}
	d.Threads = strings.Join(threads, ", ")
	var starts []string
	for i, name := range []string{"vm1", "vm2"} {
		if used[i] {
			starts = append(starts, name+"="+string([]Start{Up, Up, Down, Undefined, Absent}[r.IntN(5)]))
		}
	}
	d.Starts = strings.Join(starts, ",")
	for _, f := range driver.Faults() {
		if r.IntN(4) == 0 {
			d.Faults = append(d.Faults, f)
		}
	}
	return d
}

// drawn are the calls that are drawn, the commonest first.
var drawnCalls = []string{
	"query", "suspend", "destroy", "start", "set-memory", "info",
	"undefine", "define", "crash", "resume", "long-job", "event",
}

func drawCall(r *rand.Rand, domain string) string {
	return drawnCalls[min(r.IntN(len(drawnCalls)), r.IntN(len(drawnCalls)+6))] + "(" + domain + ")"
}
