using Outbox.Cli.Answers;
using Outbox.Operations.Explaining;

namespace Outbox.Cli.Explaining;

/// <summary>What <c>why</c> answers, as a person reads it at night: the verdict, its reasons, what to do, and then the messages.</summary>
internal sealed class WhyTable(Answer answer, DateTimeOffset now)
{
    public void Write(WhyAnswer found)
    {
        answer.Line($"{found.Subject}: {Word(found.Verdict)}", ToneOf(found.Verdict));
        foreach (var finding in found.Findings)
        {
            Write(finding);
        }

        if (found.Commands.Count > 0)
        {
            answer.Line();
            answer.Line("Next:", Tone.Quiet);
            foreach (var command in found.Commands)
            {
                answer.Line($"  {command}");
            }
        }

        List("Pending, in its order:", found.Pending);
        List("Not published:", found.Parked);
        List("Published:", found.Sent);
        List("Not processed, or waiting for its turn:", found.InboxParked);
        List("Processed:", found.Processed);
        WriteSequences(found.Sequences);
    }

    private void Write(Finding finding)
    {
        answer.Line();
        answer.Line($"{Mark(finding.Kind)} {finding.Text}", ToneOf(finding.Kind));
        if (finding.Since is { } since)
        {
            answer.Line($"  since {Ages.Exact(since)}, {Ages.At(since, now)}", Tone.Quiet);
        }

        if (finding.Remedy is { } remedy)
        {
            answer.Line($"  → {remedy}");
        }
    }

    private void List(string title, IReadOnlyList<Trace> messages)
    {
        if (messages.Count == 0)
        {
            return;
        }

        answer.Line();
        answer.Line(messages.Count == Explanation.MostMessages ? $"{title} (the first {messages.Count})" : title, Tone.Quiet);
        answer.Table(
            messages,
            [
                new("message", message => message.MessageId),
                new("entity", message => message.EntityType.Length == 0 ? message.EntityId : $"{message.EntityType}/{message.EntityId}") { Most = 60 },
                new("version", message => message.Version?.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                new("type", message => message.Type) { Most = 40 },
                new("topic", message => message.Topic) { Most = 40 },
                new("where", message => message.Endpoint ?? (message.Lane is { } lane ? $"lane {lane}" : "")) { Most = 40 },
                new("when", message => Ages.At(message.At, now)),
                new("what", message => string.Join(": ", new[] { message.Outcome, message.NotBefore is { } due ? $"delayed, due {Ages.At(due, now)}" : null, message.Error }.Where(word => !string.IsNullOrEmpty(word)))),
            ]);
    }

    private void WriteSequences(IReadOnlyList<SequenceTrace> sequences)
    {
        if (sequences.Count == 0)
        {
            return;
        }

        answer.Line();
        answer.Line("Sequences:", Tone.Quiet);
        answer.Table(
            sequences,
            [
                new("endpoint", sequence => sequence.Endpoint),
                new("topic", sequence => sequence.Topic),
                new("entity", sequence => sequence.EntityType.Length == 0 ? sequence.EntityId : $"{sequence.EntityType}/{sequence.EntityId}"),
                new("at version", sequence => sequence.Version.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                new("waits", sequence => sequence.Waits ? $"for version {sequence.Version + 1}" : "no") { Tone = sequence => sequence.Waits ? Tone.Warning : Tone.Normal },
                new("owner asked", sequence => sequence.AskedAt is { } asked ? $"{sequence.Asks} times, last {Ages.At(asked, now)}, for {sequence.AskedFrom}–{sequence.AskedTo}" : ""),
            ]);
    }

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Stuck => "stuck",
        Verdict.Waits => "waits, and goes on by itself",
        Verdict.NoTrace => "no trace of it",
        _ => "nothing keeps it back",
    };

    private static string Mark(FindingKind kind) => kind switch
    {
        FindingKind.Stuck => "✗",
        FindingKind.Waits => "…",
        _ => "·",
    };

    private static Tone ToneOf(Verdict verdict) => verdict switch
    {
        Verdict.Stuck => Tone.Bad,
        Verdict.Fine => Tone.Good,
        _ => Tone.Warning,
    };

    private static Tone ToneOf(FindingKind kind) => kind switch
    {
        FindingKind.Stuck => Tone.Bad,
        FindingKind.Waits => Tone.Warning,
        _ => Tone.Normal,
    };
}
