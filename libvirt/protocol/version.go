package protocol

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/libvirt/backtrace"
)

// A Version is a release of libvirt: 1.2.17 is 1_002_017.
type Version int

// ParseVersion reads 1.2.17; 0 where it is none.
func ParseVersion(text string) Version {
	var v Version
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return 0
	}
	for _, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 || n > 999 {
			return 0
		}
		v = v*1000 + Version(n)
	}
	return v
}

func (v Version) String() string { return fmt.Sprintf("%d.%d.%d", v/1_000_000, v/1000%1000, v%1000) }

// The oldest and the newest release that the rules were read from.
const (
	Oldest Version = 7_003 // 0.7.3
	Newest Version = 11_003_000
)

// An Era is the releases of which a stack may be, both ends included.
type Era struct {
	From, To Version
	Stated   bool // the text names the release
}

// within reports whether all releases of the era lie between two, and whether some do.
func (e Era) within(from, to Version) (all, some bool) {
	return e.From >= from && e.To <= to, e.From <= to && e.To >= from
}

// The releases that the rules tell apart.
const (
	lastDriverLock = Version(1_000_002) // the last in which the driver lock is held throughout
	firstLists     = lastDriverLock + 1 // lists have locks of their own
)

// traits are names that only some releases have.
var traits = []struct {
	function, file *pattern
	from, to       Version
}{
	{function: re(`^qemud[A-Z]`), from: Oldest, to: 1_000_000},
	{function: re(`^\w+(?:Job|Monitor|Remote|Agent|AsyncJob)WithDriver$`), from: Oldest, to: lastDriverLock},
	{function: re(`^virDomainObjLock$`), from: Oldest, to: 1_000_001},
	{function: re(`^virDomainFindBy(?:UUID|Name|ID)$`), from: Oldest, to: lastDriverLock},
	{function: re(`^remoteIO(?:EventLoop)?$`), from: Oldest, to: 9_002},
	{function: re(`^qemuProcessHandleMonitorDestroy$`), from: 9_002, to: 1_001_004},
	{function: re(`^vir(?:Object(?:Lock|Unlock)|ClassIsDerivedFrom)$`), from: lastDriverLock, to: Newest},
	{
		function: re(
			`^(?:virDomainObjList(?:FindBy\w+|Add\w*|Remove\w*|ForEach\w*|Export|New)|virQEMUDriverGetConfig|virQEMUCloseCallbacks\w+)$`), from: firstLists, to: Newest,
	},
	{function: re(`^virDomainObjListFindBy\w+Ref$`), from: 1_002_011, to: 4_002_000},
	{function: re(`^virNetServerRun$`), from: 9_004, to: 1_002_016},
	{function: re(`^virNetDaemonRun$`), from: 1_002_017, to: Newest},
	{function: re(`^virDomainObjEndAPI$`), from: 1_002_013, to: Newest},
	{function: re(`^virObject(?:RW)?Lock(?:Read|Write)$`), from: 3_006_000, to: Newest},
	{function: re(`^qemuMigration(?:Src|Dst)[A-Z]`), from: 4_001_000, to: Newest},
	{function: re(`^qemuDomainObjFromDomain$`), from: 5_008_000, to: Newest},
	{function: re(`^(?:virEventGLib\w+|virEventThreadWorker)$`), from: 6_001_000, to: Newest},
	{function: re(`^virDomainObj(?:Begin|End)\w*Job\w*$`), from: 8_000_000, to: Newest},
	{file: re(`util/(?:threads-pthread|threadpool|event_poll)\.c`), from: Oldest, to: 1_000_001},
	{file: re(`util/virthreadpthread\.c`), from: 1_000_002, to: 1_002_005},
	{file: re(`util/(?:virthread|virthreadpool|vireventpoll)\.c`), from: 1_000_002, to: Newest},
	{file: re(`(?:^|/)libvirt-(?:domain|host|network|nwfilter|storage)\.c`), from: 1_002_010, to: Newest},
	{file: re(`conf/virdomainobjlist\.c`), from: 1_003_000, to: Newest},
	{file: re(`util/vireventglib`), from: 6_001_000, to: Newest},
	{file: re(`qemu/qemu_domainjob\.c`), from: 6_005_000, to: Newest},
	{file: re(`conf/virdomainjob\.c`), from: 8_007_000, to: Newest},
}

// EraOf is what the names in a dump say about its release. Where they contradict each other, as in
// a distribution's release with patches of later ones, they say nothing.
func EraOf(d *backtrace.Dump) Era {
	if v := ParseVersion(d.Version); v >= Oldest {
		return Era{From: v, To: v, Stated: true}
	}
	e := Era{From: Oldest, To: Newest}
	seen := map[string]bool{}
	for _, t := range d.Threads {
		for i := range t.Frames {
			f := &t.Frames[i]
			file, _, _ := strings.Cut(f.File, ":")
			key := f.Function + "\x00" + file
			if seen[key] || len(seen) > 100_000 {
				continue
			}
			seen[key] = true
			for _, x := range traits {
				if x.function != nil && x.function.MatchString(f.Function) || x.file != nil && x.file.MatchString(file) {
					e.From, e.To = max(e.From, x.from), min(e.To, x.to)
				}
			}
		}
	}
	if e.From > e.To {
		return Era{From: Oldest, To: Newest}
	}
	return e
}
