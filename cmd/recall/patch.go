package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/csource/tree"
)

// patched is the tree of a row with the patches up to its fix, without that one for before; nil
// when no patch is its fix.
func (m *meter) patched(ctx context.Context, r *row, before bool) (*tree.Tree, error) {
	r.Why = "the clone does not have the commit"
	if m.o.patches == "" {
		return nil, nil
	}
	series, err := readSeries(m.o.patches)
	if err != nil {
		return nil, err
	}
	last := slices.IndexFunc(series, func(p string) bool { return isFix(p, r) })
	if last < 0 {
		r.Why += ", and no patch is it"
		return nil, nil
	}
	r.Why = ""
	if !before {
		last++
	}
	changed := map[string]string{}
	for _, p := range series[:last] {
		err := applyPatch(p, func(name string) (string, error) {
			if text, ok := changed[name]; ok {
				return text, nil
			}
			text, err := os.ReadFile(filepath.Join(m.o.tree, filepath.FromSlash(name)))
			if errors.Is(err, fs.ErrNotExist) {
				return "", nil
			}
			return string(text), err
		}, changed)
		if err != nil {
			return nil, err
		}
	}
	names, err := cFiles(m.o.tree, r.paths())
	if err != nil {
		return nil, err
	}
	return tree.Parse(ctx, names, func(name string) ([]byte, error) {
		if text, ok := changed[name]; ok {
			return []byte(text), nil
		}
		return os.ReadFile(filepath.Join(m.o.tree, filepath.FromSlash(name)))
	})
}

// readSeries is the text of the patches of a folder in the order of its file series.
func readSeries(dir string) ([]string, error) {
	text, err := os.ReadFile(filepath.Join(dir, "series"))
	if err != nil {
		return nil, err
	}
	var all []string
	for line := range strings.Lines(string(text)) {
		name := strings.TrimSpace(line)
		if name == "" || strings.HasPrefix(name, "#") {
			continue
		}
		if !filepath.IsLocal(name) {
			return nil, fmt.Errorf("%s names %q, which lies outside", filepath.Join(dir, "series"), name)
		}
		patch, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		all = append(all, string(patch))
	}
	return all, nil
}

var foldedLine = regexp.MustCompile(`\n[ \t]+`)

// isFix reports whether a patch is a row's fix: it names the commit, or has its subject.
func isFix(patch string, r *row) bool {
	head, _, _ := strings.Cut(patch, "\n--- ")
	if strings.Contains(head, r.Fix) {
		return true
	}
	for line := range strings.Lines(foldedLine.ReplaceAllString(head, " ")) {
		if subject, ok := strings.CutPrefix(line, "Subject: "); ok && r.Subject != "" {
			return strings.HasSuffix(strings.TrimSpace(subject), r.Subject)
		}
	}
	return false
}

// cFiles lists the C files below some paths of a tree, by their names in it.
func cFiles(root string, paths []string) ([]string, error) {
	var names []string
	for _, p := range paths {
		err := filepath.WalkDir(filepath.Join(root, filepath.FromSlash(p)),
			func(path string, e fs.DirEntry, err error) error {
				if errors.Is(err, fs.ErrNotExist) {
					return nil
				}
				if err != nil || !e.Type().IsRegular() || filepath.Ext(path) != ".c" && filepath.Ext(path) != ".h" {
					return err
				}
				name, err := filepath.Rel(root, path)
				names = append(names, filepath.ToSlash(name))
				return err
			})
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

var hunkHead = regexp.MustCompile(`^@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@`)

// applyPatch applies a unified diff. Hunks may have moved, but their lines must be there.
func applyPatch(patch string, read func(name string) (string, error), changed map[string]string) error {
	lines := strings.SplitAfter(patch, "\n")
	for i := 0; i < len(lines); i++ {
		if !strings.HasPrefix(lines[i], "+++ ") || i == 0 || !strings.HasPrefix(lines[i-1], "--- ") {
			continue
		}
		name, _, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(lines[i], "+++ ")), "\t")
		if _, below, ok := strings.Cut(name, "/"); ok { // a/src/... or libvirt/src/...
			name = below
		}
		if !filepath.IsLocal(name) {
			continue // /dev/null: a file that goes away
		}
		text, err := read(name)
		if err != nil {
			return err
		}
		old := strings.SplitAfter(text, "\n")
		moved := 0
		for i++; i < len(lines); {
			head := hunkHead.FindStringSubmatch(lines[i])
			if head == nil {
				break
			}
			var from, to []string
			for i++; i < len(lines) && lines[i] != "" && strings.ContainsRune(" +-\\\n", rune(lines[i][0])) &&
				!strings.HasPrefix(lines[i], "-- \n"); i++ {
				line := lines[i][1:]
				switch lines[i][0] {
				case '\n':
					from, to = append(from, "\n"), append(to, "\n")
				case ' ':
					from, to = append(from, line), append(to, line)
				case '-':
					if strings.HasPrefix(lines[i], "--- ") && i+1 < len(lines) && strings.HasPrefix(lines[i+1], "+++ ") {
						i-- // the next file
						goto applied
					}
					from = append(from, line)
				case '+':
					to = append(to, line)
				}
			}
		applied:
			first, _ := strconv.Atoi(head[1])
			at := place(old, from, max(0, first-1)+moved)
			if at < 0 {
				return fmt.Errorf("a patch does not apply to %s at line %d", name, first)
			}
			moved = at - max(0, first-1) + len(to) - len(from)
			old = slices.Concat(old[:at], to, old[at+len(from):])
		}
		i--
		changed[name] = strings.Join(old, "")
	}
	return nil
}

// place finds lines in a text, as near to a line as they are; -1 when they are nowhere.
func place(text, lines []string, near int) int {
	fits := func(at int) bool {
		return at >= 0 && at+len(lines) <= len(text) && slices.Equal(text[at:at+len(lines)], lines)
	}
	for d := 0; d <= len(text); d++ {
		if fits(near - d) {
			return near - d
		}
		if fits(near + d) {
			return near + d
		}
	}
	return -1
}
