using System.CommandLine;
using Outbox.Cli.Answers;
using Outbox.Cli.Calls;
using Outbox.Cli.Connecting;

namespace Outbox.Cli.Diagnosing;

/// <summary><c>doctor</c>: whether all is set up so that the guarantees hold.</summary>
internal static class DoctorVerb
{
    private static readonly Option<bool> Check = new("--check") { Description = "End with 10 when there are warnings, and with 11 when something is wrong." };

    public static Command Create(Caller caller) => caller.Runs(
        new Command("doctor", "Look whether indexes, clocks, retention, replicas, versions and rights are as the guarantees need them. It changes nothing.") { Check }, RunAsync);

    private static async Task<ExitCode> RunAsync(Call call)
    {
        var place = await call.ReachAsync().ConfigureAwait(false);
        var found = await RunAsync(place, call.Time, call.Cancellation).ConfigureAwait(false);
        var worst = found.Max(diagnosis => diagnosis.Outcome);
        call.Answer.Many(
            found,
            "",
            new("", diagnosis => Word(diagnosis.Outcome)) { Tone = diagnosis => ToneOf(diagnosis.Outcome) },
            new("check", diagnosis => diagnosis.Check),
            new("found", diagnosis => diagnosis.Text) { Most = 600 });
        if (call.Answer.IsTable)
        {
            WriteRemedies(call.Answer, found);
        }

        return !call.Get(Check) ? ExitCode.Done : worst switch
        {
            Outcome.Wrong => ExitCode.Unhealthy,
            Outcome.Warning => ExitCode.Degraded,
            _ => ExitCode.Done,
        };
    }

    private static async Task<IReadOnlyList<Diagnosis>> RunAsync(OutboxPlace place, TimeProvider time, CancellationToken cancellation)
    {
        var indexes = new IndexChecks(place);
        return
        [
            .. await ServerChecks.RunAsync(place, time, cancellation).ConfigureAwait(false),
            await RightsCheck.RunAsync(place, cancellation).ConfigureAwait(false),
            .. await indexes.RunAsync(cancellation).ConfigureAwait(false),
            .. await RelayChecks.RunAsync(place, cancellation).ConfigureAwait(false),
            .. await new TopicChecks(place, indexes.Window).RunAsync(cancellation).ConfigureAwait(false),
            Diagnosis.Ok("tool", $"outbox {typeof(DoctorVerb).Assembly.GetName().Version?.ToString(3)}, MongoDB driver {typeof(MongoDB.Driver.MongoClient).Assembly.GetName().Version?.ToString(3)}, librdkafka {Confluent.Kafka.Library.VersionString}."),
        ];
    }

    private static void WriteRemedies(Answer answer, IReadOnlyList<Diagnosis> found)
    {
        foreach (var diagnosis in found.Where(diagnosis => diagnosis.Remedy is not null))
        {
            answer.Line();
            answer.Line($"{diagnosis.Check}: {diagnosis.Text}", ToneOf(diagnosis.Outcome));
            answer.Line($"  → {diagnosis.Remedy}");
        }
    }

    private static string Word(Outcome outcome) => outcome switch
    {
        Outcome.Ok => "ok",
        Outcome.Unknown => "?",
        Outcome.Warning => "warning",
        _ => "WRONG",
    };

    private static Tone ToneOf(Outcome outcome) => outcome switch
    {
        Outcome.Ok => Tone.Good,
        Outcome.Unknown => Tone.Quiet,
        Outcome.Warning => Tone.Warning,
        _ => Tone.Bad,
    };
}
