package stress

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/driver"
)

// Options describe a load. The zero value is 20,000 calls without faults.
type Options struct {
	Goroutines int // 0: 8
	Domains    int // 0: 4
	// Operations is how many calls are made; 0: 20,000, or no limit if there is a Duration.
	Operations int
	Duration   time.Duration // 0: no limit
	Seed       uint64
	Mix        *Mix // nil: DefaultMix, which defines and undefines only where domains are removed
	Faults     []Fault
	// Production says that the driver runs on the mutexes and conditions that ship. They do not
	// know who holds them, so that less is found.
	Production bool
	// QEMU is the program to run for each domain; "": a QMP server in this process.
	QEMU string
	// Hypervisor makes the QEMUs, for tests; nil: what QEMU says.
	Hypervisor func(driver.Runtime) driver.Hypervisor
	// JobTimeout is the patience of callers; 0: 30 s, or with the fault job-timeout 2 ms, and 200
	// ms for a real QEMU.
	JobTimeout time.Duration
	// CommandTimeout is how long QEMU may take to answer; 0: 30 s, or with the faults silence and
	// late-answer 50 ms, and 1 s for a real QEMU.
	CommandTimeout time.Duration
	// Patience is how long the check of a piece of history may take, and of all together that
	// remain undecided; 0: a minute.
	Patience time.Duration
	// HangAfter is how long a call may make no progress; 0: 10 s. It should be shorter than
	// JobTimeout, unless callers are to lose their patience: a wait that only its deadline ends is
	// a hang.
	HangAfter time.Duration
	// Overhead is how many calls measure the cost of recording, each with and without it; 0: none.
	Overhead int
	// Clock stamps the history; nil: [linear.Monotonic].
	Clock linear.Clock
	// History receives the history as JSONL; nil: nobody.
	History io.Writer
	// Progress is called every second, by a goroutine of its own; nil: nobody.
	Progress func(Progress)

	rest time.Duration // how long it may take to come to rest after an interruption; 0: grace
}

// Check fills in what is not said and refuses what makes no sense. [Run] does it too; who must know
// before checks first.
func (o *Options) Check() error {
	o.Goroutines = cmp.Or(o.Goroutines, 8)
	o.Domains = cmp.Or(o.Domains, 4)
	o.HangAfter = cmp.Or(o.HangAfter, hangAfter)
	if o.Operations == 0 && o.Duration == 0 {
		o.Operations = 20000
	}
	o.JobTimeout = cmp.Or(o.JobTimeout, o.defaultJobTimeout())
	o.CommandTimeout = cmp.Or(o.CommandTimeout, o.defaultCommandTimeout())
	o.Patience = cmp.Or(o.Patience, patience)
	if o.Mix == nil {
		m := DefaultMix()
		if !o.has(Removal) {
			m = m.without(driver.OpDefine, driver.OpUndefine)
		}
		o.Mix = &m
	}
	if o.Clock == nil {
		o.Clock = linear.Monotonic()
	}
	switch {
	case o.Goroutines < 1 || o.Goroutines > 1000:
		return fmt.Errorf("a load has 1 to 1000 goroutines, not %d", o.Goroutines)
	case o.Domains < 1 || o.Domains > 1000:
		return fmt.Errorf("a load has 1 to 1000 domains, not %d", o.Domains)
	case o.Operations < 0:
		return fmt.Errorf("a load has at least one call, not %d", o.Operations)
	case o.QEMU != "" && (o.has(SlowMonitor) || o.has(BadAnswer)):
		return fmt.Errorf("a real QEMU has only the faults %s", joined(QEMUFaults()))
	case o.Duration < 0 || o.HangAfter < 0 || o.JobTimeout < 0 || o.CommandTimeout < 0 || o.Patience < 0 || o.Overhead < 0:
		return errors.New("a time or a number is negative")
	}
	return nil
}

func (o *Options) has(f Fault) bool { return slices.Contains(o.Faults, f) }

// hasOne reports whether one of some faults was asked for.
func (o *Options) hasOne(fs []Fault) bool { return slices.ContainsFunc(fs, o.has) }

// hypervisor is where the QEMUs come from.
func (o *Options) hypervisor(rt driver.Runtime) driver.Hypervisor {
	switch {
	case o.Hypervisor != nil:
		return o.Hypervisor(rt)
	case o.QEMU != "":
		return driver.QEMU(o.QEMU)
	}
	return driver.InProcess(rt)
}

// domainName is the name of a domain, from 0.
func domainName(i int) string { return fmt.Sprint("vm", i+1) }

// replay is the command that runs the load again.
func (o *Options) replay() string {
	var b strings.Builder
	fmt.Fprintf(&b, "lockproof stress --seed %d --goroutines %d --domains %d", o.Seed, o.Goroutines, o.Domains)
	if o.Operations > 0 {
		fmt.Fprintf(&b, " --operations %d", o.Operations)
	}
	if o.Duration > 0 {
		fmt.Fprintf(&b, " --duration %s", o.Duration)
	}
	if len(o.Faults) > 0 {
		fmt.Fprintf(&b, " --faults %s", joined(o.Faults))
	}
	fmt.Fprintf(&b, " --mix %s", o.Mix)
	if o.JobTimeout != o.defaultJobTimeout() {
		fmt.Fprintf(&b, " --job-timeout %s", o.JobTimeout)
	}
	if o.CommandTimeout != o.defaultCommandTimeout() {
		fmt.Fprintf(&b, " --command-timeout %s", o.CommandTimeout)
	}
	if o.Patience != patience {
		fmt.Fprintf(&b, " --patience %s", o.Patience)
	}
	if o.HangAfter != hangAfter {
		fmt.Fprintf(&b, " --hang-after %s", o.HangAfter)
	}
	if o.Production {
		b.WriteString(" --production")
	}
	if o.QEMU != "" {
		fmt.Fprintf(&b, " --qemu %s", quote(o.QEMU))
	}
	return b.String()
}

// quote is a word for a shell.
func quote(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool {
		return !strings.ContainsRune("/._-+=:,@%", r) && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}) {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	return s
}

// hangAfter is how long a call may make no progress, if nothing else is said.
const hangAfter = 10 * time.Second

// patience is how long a check may take, if nothing else is said.
const patience = time.Minute

// defaultCommandTimeout is how long QEMU may take to answer, if nothing else is said.
func (o *Options) defaultCommandTimeout() time.Duration {
	switch {
	case !o.has(Silence) && !o.has(LateAnswer):
		return 30 * time.Second
	case o.QEMU != "":
		return time.Second
	}
	return 50 * time.Millisecond
}

// defaultJobTimeout is the patience of callers, if nothing else is said. A real QEMU takes longer
// to start than to answer.
func (o *Options) defaultJobTimeout() time.Duration {
	switch {
	case !o.has(JobTimeouts):
		return 30 * time.Second
	case o.QEMU != "":
		return 200 * time.Millisecond
	}
	return 2 * time.Millisecond
}
