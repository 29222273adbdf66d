package linear

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lockproof/lockproof/driver"
)

// A narrowDisk has room for so many bytes, and keeps them until it is flushed.
type narrowDisk struct {
	room    int
	kept    bytes.Buffer
	flushed int
	stuck   error
}

var errFull = errors.New("the disk is full")

func (d *narrowDisk) Write(p []byte) (int, error) {
	n := min(len(p), d.room-d.kept.Len())
	d.kept.Write(p[:n])
	if n < len(p) {
		return n, errFull
	}
	return n, nil
}

func (d *narrowDisk) Flush() error {
	d.flushed = d.kept.Len()
	return d.stuck
}

// TestFullDisk writes a history to disks with room for less and less of it: somebody is told, at
// the latest when the file is closed, and what was written is the beginning of the whole.
func TestFullDisk(t *testing.T) {
	h := History{Cut: 1 << 20}
	for i := range int64(900) {
		h.Operations = append(h.Operations, Operation{
			Client: "client", Call: driver.Call{Op: driver.OpQuery, Domain: "vm1"}, From: i*4 + 1, To: i*4 + 3,
			Info: driver.Info{State: driver.Running},
		})
		h.Jobs = append(h.Jobs, Job{Client: "client", Domain: "vm1", Object: 1, Type: Query, Asked: i*4 + 1, Begun: i*4 + 1, Ended: i*4 + 2})
	}
	write := func(d *narrowDisk) error {
		w, err := NewWriter(d, Header{Seed: 1})
		if err != nil {
			return err
		}
		if err := w.Write(h); err != nil {
			return err
		}
		return w.Close(true)
	}
	whole := &narrowDisk{room: 1 << 30}
	if err := write(whole); err != nil || whole.flushed != whole.kept.Len() {
		t.Fatalf("%v, %d of %d bytes are flushed", err, whole.flushed, whole.kept.Len())
	}
	if whole.kept.Len() < 2<<16 {
		t.Fatalf("%d bytes need one buffer", whole.kept.Len())
	}
	for room := range whole.kept.Len() {
		if room%4999 != 0 && room < whole.kept.Len()-40 {
			continue
		}
		d := &narrowDisk{room: room}
		if err := write(d); !errors.Is(err, errFull) {
			t.Errorf("room for %d bytes: %v", room, err)
		}
		if !bytes.HasPrefix(whole.kept.Bytes(), d.kept.Bytes()) {
			t.Errorf("room for %d bytes: another beginning", room)
		}
	}
	if err := write(&narrowDisk{room: 1 << 30, stuck: errFull}); !errors.Is(err, errFull) {
		t.Errorf("what is kept back stays there: %v", err)
	}
	var plain bytes.Buffer
	w, err := NewWriter(&plain, Header{Seed: 1})
	if err = errors.Join(err, w.Write(h), w.Close(true)); err != nil || plain.String() != whole.kept.String() {
		t.Errorf("without a flush of its own: %v, %d bytes", err, plain.Len())
	}
}

// TestTimes shows which times a file may have.
func TestTimes(t *testing.T) {
	line := func(from string) string {
		return `{"history":1,"seed":7}` + "\n" + `{"call":"query","domain":"vm1","client":"c","from":` + from + `}` + "\n" +
			fmt.Sprintf(`{"cut":%d}`, int64(latest)) + "\n" + fmt.Sprintf(`{"end":%d,"complete":true}`, int64(latest)) + "\n"
	}
	for from, want := range map[string]string{
		"0": "", fmt.Sprint(int64(latest) - 1): "", fmt.Sprint(int64(latest) + 1): "from is too late",
		"-1": "from is negative", "9223372036854775807": "from is too late",
	} {
		r := NewReader("f", strings.NewReader(line(from)))
		if h := r.Header(); h != (Header{}) {
			t.Errorf("before anything was read the header is %+v", h)
		}
		_, err := r.Next()
		for err == nil {
			_, err = r.Next()
		}
		if got := err.Error(); want == "" && got != "EOF" || !strings.Contains(got, want) {
			t.Errorf("from %s: %s", from, got)
		}
	}
}

// TestMonotonic reads the clock of a load: it begins at its start, and never goes back.
func TestMonotonic(t *testing.T) {
	clock := Monotonic()
	last := clock()
	if last < 0 || last > int64(time.Minute) {
		t.Errorf("it begins at %d", last)
	}
	for range 1000 {
		now := clock()
		if now < last {
			t.Fatalf("%d after %d", now, last)
		}
		last = now
	}
}

// TestCutAfterAgrees holds where a window ends against the definition: at the first point after the
// small size at which nothing is under way, else where the fewest steps cross, the last of these.
func TestCutAfterAgrees(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 9))
	seen := map[string]int{}
	for range 1500 {
		var items, crossing []item[int]
		now, long := int64(0), 1+random.Int64N(30)
		for range random.IntN(140) {
			now += random.Int64N(6)
			items = append(items, item[int]{from: now, to: now + random.Int64N(long)})
		}
		for range random.IntN(3) {
			crossing = append(crossing, item[int]{from: -1, to: random.Int64N(40)})
		}
		across := func(n int) int {
			k := 0
			for _, it := range slices.Concat(crossing, items[:n]) {
				if it.to >= items[n].from {
					k++
				}
			}
			return k
		}
		want, kind := len(items), "all"
		for n := smallWindow; n < len(items) && n <= largeWindow; n++ {
			if k := across(n); k == 0 {
				want, kind = n, "quiescent"
				break
			}
			if n == largeWindow {
				want, kind = smallWindow, "fewest"
				for m := smallWindow; m < largeWindow; m++ {
					if across(m) <= across(want) {
						want = m
					}
				}
			}
		}
		if seen[kind]++; cutAfter(crossing, items) != want {
			t.Fatalf("%d items, of which %d cross: it ends after %d, want %d (%s)", len(items), len(crossing), cutAfter(crossing, items), want, kind)
		}
	}
	if t.Log(seen); seen["all"] < 100 || seen["quiescent"] < 100 || seen["fewest"] < 100 {
		t.Error("the windows are not of all kinds")
	}
}

// TestMostViolations keeps a hundred, and counts the others.
func TestMostViolations(t *testing.T) {
	c := NewChecker(Options{})
	h := History{Cut: 3 * mostViolations}
	for i := range mostViolations + 3 {
		h.Operations = append(h.Operations, Operation{
			Client: "client", Call: driver.Call{Op: driver.OpQuery, Domain: fmt.Sprintf("vm%d", i)}, From: int64(i), To: int64(i) + 1,
			Info: driver.Info{State: driver.Running},
		})
	}
	c.Add(t.Context(), h)
	y := c.Finish(t.Context(), true).API
	if y.Verdict != Illegal || len(y.Violations) != mostViolations || y.More != 3 || y.Objects != mostViolations+3 {
		t.Errorf("%v, %d kept, %d more, %d objects", y.Verdict, len(y.Violations), y.More, y.Objects)
	}
}

// TestDrawn draws a piece in which steps are under way, one of which has taken effect before: who
// did what stands there, once each.
func TestDrawn(t *testing.T) {
	c := cells(Options{})
	w := &window[int, cellStep]{
		before: []situation[int]{{state: 2}}, end: 10,
		crossing: []item[cellStep]{{1, 6, 0, &cellStep{does: 'w', n: 2}}, {2, 9, 1, &cellStep{does: 'w', n: 1}}},
		items:    []item[cellStep]{{3, 4, 2, &cellStep{does: 'r', n: 3}}, {5, 7, nobody, &cellStep{does: 'a', n: 1}}},
	}
	w.before[0].done = w.before[0].done.with(0)
	var page bytes.Buffer
	if err := w.draw(c.spec, []string{"anna", "ben", "cleo"}, &page); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"anna: w 2 (before)", "ben: w 1", "cleo: r 3", `"a 1"`} {
		if n := strings.Count(page.String(), text); n != 1 {
			t.Errorf("%s stands there %d times", text, n)
		}
	}
	if strings.Contains(page.String(), "w 1 (before)") {
		t.Error("it has not taken effect")
	}
	if err := w.draw(c.spec, nil, &narrowDisk{room: 100}); !errors.Is(err, errFull) {
		t.Error(err)
	}
}
