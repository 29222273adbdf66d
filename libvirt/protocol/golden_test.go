package protocol_test

import (
	"bytes"
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/diagnose/diagnosetest"
	"github.com/lockproof/lockproof/libvirt/backtrace"
	"github.com/lockproof/lockproof/libvirt/protocol"
)

var update = flag.Bool("update", false, "rewrite the golden file")

// TestAnswers writes what each thread of the stacks that people send waits for and holds, and
// compares it with what was said when somebody last looked.
func TestAnswers(t *testing.T) {
	var got strings.Builder
	for _, pattern := range []string{"../../cmd/lockproof/testdata/reports/*/backtrace.txt", "../backtrace/testdata/*.txt"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			f, err := backtrace.Read(t.Context(), bytes.NewReader(diagnosetest.Content(t, file)))
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&got, "== %s\n", file)
			for _, d := range f.Dumps {
				era := protocol.EraOf(d)
				fmt.Fprintf(&got, "dump of libvirt %v: %+v\n", protocol.OfLibvirt(d), era)
				for _, x := range d.Threads {
					tell(&got, x, era)
					tell(&got, withoutArgs(x), era)
				}
			}
		}
	}
	if strings.Count(got.String(), "== ") < 12 {
		t.Error("too few stacks")
	}
	diagnosetest.Golden(t, got.String(), *update)
}

// withoutArgs is a stack as gdb prints it without debugging symbols.
func withoutArgs(x *backtrace.Thread) *backtrace.Thread {
	bare := *x
	bare.Frames = nil
	for _, f := range x.Frames {
		f.Args, f.File = nil, ""
		bare.Frames = append(bare.Frames, f)
	}
	return &bare
}

func tell(w *strings.Builder, x *backtrace.Thread, era protocol.Era) {
	r := protocol.Read(x, era)
	fmt.Fprintf(w, "thread %d: kind %d waits %+v read %v timed %v where %d api %q hook %v reply %q asks %+v\n",
		x.LWP, r.Kind, r.Waits, r.Read, r.Timed, r.Where, r.API, r.Hook, r.Reply, r.Asks)
	fmt.Fprintf(w, "  events %v remote %v reconnects %v file %v driver %q\n", r.Events, r.Remote, r.Reconn, r.File, r.Driver)
	for _, h := range r.Holds {
		fmt.Fprintf(w, "  holds %+v\n", h)
	}
	if r.Has != nil {
		fmt.Fprintf(w, "  has %+v\n", *r.Has)
	}
	c, of := protocol.ClassOfCall(x.Frames, era)
	fmt.Fprintf(w, "  call of class %q of %q\n", c, of)
}
