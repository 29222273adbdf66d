package scenarios

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/files"
	"github.com/lockproof/lockproof/csource/syntax"
)

//go:embed library protocols
var shippedFiles embed.FS

// shippedTree is named as in the project's own tree, so that its positions can be followed there.
var shippedTree = tree{files: files.NewReader(shippedFiles, nil), prefix: "scenarios"}

// Library loads the suites that are built into the tool.
func Library() ([]*Suite, error) {
	l := loader{ctx: context.Background()}
	l.load(location{shippedTree, "library"})
	suites, err := l.result()
	for _, s := range suites {
		s.library = true
	}
	return suites, err
}

// A Protocol is a C file with the helpers of one era, which suites name instead of a path.
//
// An era of libvirt is protocols/libvirt-YEAR-MONTH.c, and little but a list of #include lines: one
// header for each topic (objects, list, job, monitor, agent, stop, ...), named TOPIC-YEAR-MONTH.h
// by the first era of which it is true. It is true of the later eras until a header of the same
// topic takes its place; one without a date is true of all. In the headers are all operations of
// the era with libvirt's names and parameters. What they check, require and do is the contract:
// there is no table of it beside the C.
type Protocol struct {
	Name  string
	Title string          // the first line of its first comment
	Files []syntax.Source // the file itself, then those that it includes
}

// Standalone is the protocol as one file: each #include is replaced by what it names.
func (p *Protocol) Standalone() (string, error) {
	var b strings.Builder
	err := expand(context.Background(), &b, p.Files[0], protocolLocation(p.Name), map[string]bool{})
	return b.String(), err
}

// Protocols lists the shipped protocols by name.
func Protocols() []Protocol {
	var ps []Protocol
	for _, name := range protocolNames() {
		src, err := protocolLocation(name).read(context.Background())
		if err != nil {
			panic("scenarios: an embedded file cannot be read: " + err.Error())
		}
		ps = append(ps, Protocol{
			Name: name, Title: firstComment(string(src.Text)),
			Files: withIncludes([]location{protocolLocation(name)}, nil),
		})
	}
	return ps
}

// Shipped reports whether a position names a file that comes with lockproof.
func Shipped(file string) bool {
	name, ok := strings.CutPrefix(file, shippedTree.prefix+"/")
	if !ok {
		return false
	}
	f, err := shippedFiles.Open(name)
	if err != nil {
		return false
	}
	return f.Close() == nil
}

func protocolLocation(name string) location {
	return location{shippedTree, "protocols/" + name + ".c"}
}

// shippedNames lists the files of the shipped protocols.
func shippedNames() []string {
	entries, err := shippedFiles.ReadDir("protocols")
	if err != nil {
		panic("scenarios: an embedded directory cannot be read: " + err.Error())
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func protocolNames() []string {
	var names []string
	for _, file := range shippedNames() {
		if name, ok := strings.CutSuffix(file, ".c"); ok {
			names = append(names, name)
		}
	}
	return names
}

// shippedPrefix is how C includes a file of a shipped protocol: `#include <lockproof/qemu.h>`.
const shippedPrefix = "lockproof/"

// shippedFile finds a file of the shipped protocols by the name in an `#include <name>`.
func shippedFile(name string) (at location, ours bool, err error) {
	base, ours := strings.CutPrefix(name, shippedPrefix)
	if !ours {
		return location{}, false, nil
	}
	names := shippedNames()
	if !slices.Contains(names, base) {
		return location{}, true, fmt.Errorf("lockproof has no such file%s", inBrackets(Hint(base, names)))
	}
	return location{shippedTree, "protocols/" + base}, true, nil
}

var includeLine = regexp.MustCompile(`^[ \t]*#[ \t]*include[ \t]+(?:"([^"\n]+)"|<(` + shippedPrefix + `[^>\n]+)>)`)

// withIncludes adds C files and what they include, each once. What cannot be read is for the parser
// to report.
func withIncludes(from []location, files []syntax.Source) []syntax.Source {
	seen := map[string]bool{}
	for _, f := range files {
		seen[f.Name] = true
	}
	for todo := slices.Clone(from); len(todo) > 0; {
		l := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[l.name()] {
			continue
		}
		seen[l.name()] = true
		src, err := l.read(context.Background()) // again: it was read before
		if err != nil {
			continue
		}
		files = append(files, src)
		todo = append(todo, includesOf(l, src.Text)...)
	}
	return files
}

// includesOf lists what a file includes, each file once, the last one first.
func includesOf(l location, text []byte) []location {
	var all []location
	seen := map[string]bool{}
	for line := range bytes.Lines(text) {
		m := includeLine.FindSubmatch(line)
		if m == nil {
			continue
		}
		next, err := l.beside(string(m[1]))
		if len(m[2]) > 0 {
			next, _, err = shippedFile(string(m[2]))
		}
		if err == nil && !seen[next.name()] {
			seen[next.name()] = true
			all = append(all, next)
		}
	}
	slices.Reverse(all)
	return all
}

// firstComment is the first line of text in the first comment of a C file, without the full stop.
func firstComment(c string) string {
	for line := range strings.Lines(c) {
		line = strings.TrimSuffix(strings.TrimSpace(line), "*/")
		line = strings.Trim(strings.TrimLeft(line, "/* "), " ")
		if line != "" {
			return strings.TrimSuffix(line, ".")
		}
	}
	return ""
}
