package stacks_test

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/libvirt/stacks"
)

// dresses are what mailers, bug trackers and terminals do to stacks on their way.
var dresses = map[string]func(string) string{
	"quoted": func(s string) string {
		return "On Monday somebody wrote:\n" + eachLine(s, func(l string) string { return "> " + l })
	},
	"twice":    func(s string) string { return eachLine(s, func(l string) string { return ">> " + l }) },
	"markdown": func(s string) string { return "It hangs:\n```\n" + s + "\n```\nAny idea?\n" },
	"html": func(s string) string {
		return "<pre class=\"bz_comment_text\">" + eachLine(s, func(l string) string { return html.EscapeString(l) + "<br>" }) + "</pre>"
	},
	"crlf":    func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
	"indents": func(s string) string { return eachLine(s, func(l string) string { return "    " + l }) },
	"colours": func(s string) string { return eachLine(s, func(l string) string { return "\x1b[33m" + l + "\x1b[0m" }) },
	"wrapped": func(s string) string { return eachLine(s, func(l string) string { return wrap(l, 72) }) },
	"wrapped and quoted": func(s string) string {
		return eachLine(s, func(l string) string { return "> " + strings.ReplaceAll(wrap(l, 68), "\n", "\n> ") })
	},
	"no hashes": func(s string) string { return hashes.ReplaceAllString(s, "$1 $2") },
	"old gdb":   func(s string) string { return strings.ReplaceAll(s, "<optimized out>", "<value optimized out>") },
	"pager": func(s string) string {
		lines := strings.Split(s, "\n")
		return strings.Join(slices.Insert(lines, len(lines)/2, "---Type <return> to continue, or q <return> to quit---"), "\n")
	},
}

var hashes = regexp.MustCompile(`(?m)^#(\d+)  ?(0x)`)

func eachLine(s string, f func(string) string) string {
	lines := strings.Split(strings.TrimSuffix(s, "\n"), "\n")
	for i := range lines {
		lines[i] = f(lines[i])
	}
	return strings.Join(lines, "\n") + "\n"
}

// wrap breaks a row of a stack at blanks, as mailers do. Other lines stay whole: what they say does
// not go on in the next one.
func wrap(line string, width int) string {
	if !strings.HasPrefix(line, "#") {
		return line
	}
	out := ""
	for len(line) > width {
		i := strings.LastIndexByte(line[:width], ' ')
		if i < 8 {
			break
		}
		out, line = out+line[:i]+"\n", line[i+1:]
	}
	return out + line
}

// A diagnosis does not depend on how the stacks are dressed.
func TestDresses(t *testing.T) {
	t.Parallel()
	files := reports(t)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(filepath.Dir(file))
		want := gist(read(t, name, text))
		for dress, put := range dresses {
			if dress == "no hashes" && strings.Contains(name, "session") { // there, numbers stand before other things as well
				continue
			}
			dressed := []byte(put(string(text)))
			if r := (stacks.Reader{}).Recognise(dressed); r < diagnose.Fits {
				t.Errorf("%s, %s: not recognised", name, dress)
			}
			if got := gist(read(t, name, dressed)); got != want {
				t.Errorf("%s, %s:\n%swant\n%s", name, dress, got, want)
			}
		}
	}
}

// reports are the stacks of libvirt among the reports.
func reports(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../../cmd/lockproof/testdata/reports/*/backtrace.txt")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d stacks: %v", len(files), err)
	}
	return slices.DeleteFunc(files, func(f string) bool { return strings.Contains(f, "bt-other-program") })
}

// gist is what a diagnosis says, without lines.
func gist(d *diagnose.Diagnosis) string {
	var b strings.Builder
	fmt.Fprintln(&b, d.Cause, d.Sure, d.Fault, d.Rules, d.Domains)
	for _, h := range d.Holders {
		fmt.Fprintln(&b, "holds", h.Domain, h.Job, h.Async, h.Agent, h.Lock, h.Thread, h.API)
	}
	for _, w := range d.Waiters {
		fmt.Fprintln(&b, "waits", w.Domain, w.For, w.Thread, w.API, w.Wants)
	}
	return b.String()
}

// Without arguments and files less is known, but nothing else: no deadlock appears that was not
// there.
func TestWithoutArguments(t *testing.T) {
	t.Parallel()
	files := reports(t)
	args := regexp.MustCompile(`(?m)^(#\d+ +(?:0x[0-9a-f]+ in )?[\w.@]+) \(.*$`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(filepath.Dir(file))
		full := read(t, name, text)
		bare := read(t, name, args.ReplaceAll(text, []byte("$1 () from /usr/lib64/libvirt.so.0")))
		if bare.Cause != full.Cause && bare.Cause != diagnose.CannotTell {
			t.Errorf("%s: %s, and without arguments %s", name, full.Cause, bare.Cause)
		}
	}
}

// A stack that is cut anywhere never shows a deadlock that the whole one does not, and never fails.
func TestCutAnywhere(t *testing.T) {
	t.Parallel()
	files := reports(t)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(filepath.Dir(file))
		full := read(t, name, text)
		for at := 0; at < len(text); at += 97 {
			d, err := stacks.Reader{}.Read(context.Background(), []diagnose.Input{{Name: name, Reader: bytes.NewReader(text[:at])}})
			if err != nil {
				if !diagnose.IsUnreadable(err) {
					t.Fatal(err)
				}
				continue
			}
			for _, deadly := range []diagnose.Cause{diagnose.SelfDeadlock, diagnose.LockOrder, diagnose.LockLeftLocked} {
				if d.Cause == deadly && full.Cause != deadly {
					t.Errorf("%s, the first %d bytes: %s, where the whole is %s", name, at, d.Cause, full.Cause)
				}
			}
		}
	}
}

func FuzzReader(f *testing.F) {
	files, _ := filepath.Glob("../../cmd/lockproof/testdata/reports/*/backtrace.txt")
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := stacks.Reader{}.Read(context.Background(), []diagnose.Input{{Name: "x", Reader: strings.NewReader(text)}})
		if err != nil {
			if !diagnose.IsUnreadable(err) || strings.Count(err.Error(), "\n") > 2 {
				t.Fatal(err)
			}
			return
		}
		if d.Cause == "" || d.Fault && len(d.Why) == 0 {
			t.Fatalf("%+v", d)
		}
	})
}
