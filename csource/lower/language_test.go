package lower_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockproof/lockproof/csource/vocabulary"
)

var update = flag.Bool("update", false, "rewrite the tables of docs/language.md, and golden files")

const (
	languageFile = "../../docs/language.md"
	tablesBegin  = "<!-- The tables from here on are made by: go test ./csource/lower -run TestLanguage -update -->\n"
)

// TestLanguage holds the tables of the language's page against the vocabulary and the table of
// forms.
func TestLanguage(t *testing.T) {
	page, err := os.ReadFile(languageFile)
	if err != nil {
		t.Fatal(err)
	}
	written, tables, found := strings.Cut(string(page), tablesBegin)
	if !found {
		t.Fatal("the page has no place for the tables")
	}
	if strings.Contains(tables, "no heading") {
		t.Error("an effect of the vocabulary has no heading")
	}
	if want := languageTables(); tables != want {
		if !*update {
			t.Fatalf("run with -update after looking at this:\n%s", cmp.Diff(tables, want))
		}
		if err := os.WriteFile(languageFile, []byte(written+tablesBegin+want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// effects are the headings of the names in the vocabulary.
var effects = []struct {
	effect vocabulary.Effect
	text   string
}{
	{vocabulary.Lock, "takes a mutex"},
	{vocabulary.TryLock, "takes a mutex if it is free"},
	{vocabulary.Unlock, "gives a mutex back"},
	{vocabulary.Wait, "waits on a condition"},
	{vocabulary.Signal, "wakes one waiter"},
	{vocabulary.Broadcast, "wakes all waiters"},
	{vocabulary.Ref, "takes a reference"},
	{vocabulary.Unref, "drops a reference"},
	{vocabulary.Find, "looks an object up and locks it"},
	{vocabulary.LookUp, "looks an object up"},
	{vocabulary.Remove, "takes an object off its list"},
	{vocabulary.Access, "touches an object"},
	{vocabulary.Held, "asks what this thread holds"},
	{vocabulary.Self, "this thread's number"},
	{vocabulary.Nondet, "chooses"},
	{vocabulary.ClientGone, "asks whether the client has gone"},
	{vocabulary.Answers, "waits for QEMU"},
	{vocabulary.Check, "a rule"},
	{vocabulary.Requires, "a precondition"},
	{vocabulary.Assert, "what must hold here"},
	{vocabulary.Allocate, "makes an object"},
	{vocabulary.AllocateInto, "makes an object and lets a variable point to it"},
	{vocabulary.Free, "frees an object"},
	{vocabulary.FreeAndClear, "frees an object and sets the pointer to NULL"},
	{vocabulary.Clear, "sets a pointer to NULL and calls a function for what it pointed to"},
	{vocabulary.Steal, "sets a pointer to NULL and gives what it pointed to"},
	{vocabulary.StealInto, "the same, to another variable"},
	{vocabulary.LockGuard, "takes a mutex until a scope ends"},
	{vocabulary.LockObjectGuard, "takes the mutex of an object until a scope ends"},
	{vocabulary.UnlockGuard, "gives back what a guard holds"},
	{vocabulary.LockObject, "takes the mutex of an object"},
	{vocabulary.UnlockObject, "gives the mutex of an object back"},
	{vocabulary.LockNamed, "takes GLib's lock of a name"},
	{vocabulary.TryLockNamed, "takes GLib's lock of a name if it is free"},
	{vocabulary.UnlockNamed, "gives GLib's lock of a name back"},
	{vocabulary.SetMemory, "sets the bytes of an object"},
	{vocabulary.CopyMemory, "copies the bytes of an object"},
	{vocabulary.ReadLock, "takes a reader-writer lock as a reader"},
	{vocabulary.TryReadLock, "takes it as a reader if it has no writer"},
	{vocabulary.WriteLock, "takes a reader-writer lock as the writer"},
	{vocabulary.TryWriteLock, "takes it as the writer if it is free"},
	{vocabulary.UnlockEither, "gives a reader-writer lock back"},
	{vocabulary.ReadUnlock, "gives it back as a reader"},
	{vocabulary.WriteUnlock, "gives it back as the writer"},
	{vocabulary.Compute, "comes to a number that its argument says"},
	{vocabulary.CompareText, "looks at the characters of texts that do not change"},
	{vocabulary.Expect, "its first argument"},
	{vocabulary.Unreachable, "may not be reached: that is `undefined`"},
	{vocabulary.Atomically, "reads and writes a variable in one step"},
	{vocabulary.TimedLock, "takes a mutex, or gives up"},
	{vocabulary.TimedReadLock, "takes a reader-writer lock as a reader, or gives up"},
	{vocabulary.TimedWriteLock, "takes it as the writer, or gives up"},
	{vocabulary.RWInit, "gives a reader-writer lock its kind"},
	{vocabulary.MutexInit, "gives a mutex its kind"},
	{vocabulary.Init, "makes a condition or a spin lock"},
	{vocabulary.Destroy, "ends the use of a lock, a condition or a semaphore"},
	{vocabulary.AttrInit, "makes attributes, of the default kind"},
	{vocabulary.AttrSet, "sets the kind in attributes"},
	{vocabulary.AttrGet, "reads it"},
	{vocabulary.Unknown, "gives a time, or a random number"},
	{vocabulary.Once, "calls a function the first time; others wait until it has returned"},
	{vocabulary.SemInit, "gives a semaphore its value"},
	{vocabulary.SemWait, "takes one from a semaphore"},
	{vocabulary.SemTryWait, "takes one from a semaphore that is not 0"},
	{vocabulary.SemTimedWait, "takes one from a semaphore, or gives up"},
	{vocabulary.SemPost, "adds one to a semaphore"},
	{vocabulary.SemValue, "reads a semaphore"},
	{vocabulary.BarrierInit, "says how many threads a barrier waits for"},
	{vocabulary.BarrierWait, "waits until enough threads have come to a barrier"},
	{vocabulary.BarrierDestroy, "ends the use of a barrier"},
	{vocabulary.StartThread, "starts a thread"},
	{vocabulary.JoinThread, "waits until a thread has ended"},
	{vocabulary.DetachThread, "says that nobody will wait for a thread"},
	{vocabulary.EndThread, "ends this thread"},
	{vocabulary.SameThread, "asks whether two threads are one"},
	{vocabulary.EndProcess, "ends the process with all its threads"},
	{vocabulary.Fork, "makes a child process, which has this thread alone"},
	{vocabulary.Abort, "ends the process because something is wrong: a violation"},
}

func languageTables() string {
	var b strings.Builder
	byEffect := map[vocabulary.Effect][]string{}
	var plain, messages []string
	for _, name := range vocabulary.Names() {
		switch f := vocabulary.Lookup(name); {
		case f.Message():
			messages = append(messages, name)
		case f.Effect == vocabulary.None:
			plain = append(plain, name)
		default:
			byEffect[f.Effect] = append(byEffect[f.Effect], name)
		}
	}
	b.WriteString("\n## Known names\n\n| effect | names |\n|---|---|\n")
	for _, e := range effects {
		row(&b, e.text, byEffect[e.effect])
		delete(byEffect, e.effect)
	}
	for _, e := range slices.Sorted(maps.Keys(byEffect)) {
		row(&b, fmt.Sprintf("effect %d has no heading in this test", e), byEffect[e])
	}
	row(&b, "nothing that is modelled; arguments are evaluated", plain)
	row(&b, "messages: nothing; arguments are evaluated", messages)
	b.WriteString("\n## Names that are refused\n\n| instead | names |\n|---|---|\n")
	byHint := map[string][]string{}
	for _, name := range vocabulary.Refused() {
		byHint[vocabulary.Instead(name)] = append(byHint[vocabulary.Instead(name)], name)
	}
	for _, hint := range slices.Sorted(maps.Keys(byHint)) {
		row(&b, hint, byHint[hint])
	}
	b.WriteString("\n## Forms of C\n\n| form | |\n|---|---|\n")
	for _, g := range groups {
		fmt.Fprintf(&b, "| **%s** | |\n", g.name)
		for _, f := range g.forms {
			said := "modelled"
			if f.refused != "" {
				said = "refused: " + cell(f.refused)
			}
			fmt.Fprintf(&b, "| %s | %s |\n", cell(f.name), said)
		}
	}
	return b.String()
}

func row(b *strings.Builder, what string, names []string) {
	if len(names) > 0 {
		fmt.Fprintf(b, "| %s | `%s` |\n", what, strings.Join(names, "`, `"))
	}
}

// cell is a text that cannot end a cell of a table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
