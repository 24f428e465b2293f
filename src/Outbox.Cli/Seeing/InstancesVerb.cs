using System.CommandLine;
using Outbox.Cli.Answers;
using Outbox.Cli.Calls;
using Outbox.Operations.Seeing;

namespace Outbox.Cli.Seeing;

/// <summary><c>instances</c>: which processes there are.</summary>
internal static class InstancesVerb
{
    public static Command Create(Caller caller) => caller.Runs(new Command("instances", "List the processes of the service: what they relay and consume, and whether they live."), RunAsync);

    private static async Task<ExitCode> RunAsync(Call call)
    {
        var place = await call.OpenAsync().ConfigureAwait(false);
        var instances = await place.Get<IOutboxOverview>().ListInstancesAsync(call.Cancellation).ConfigureAwait(false);
        var now = place.Now;
        call.Answer.Many(
            instances,
            "No process of the service has shown itself within a week.",
            new("instance", instance => instance.Name),
            new("state", instance => instance.IsAlive ? "alive" : "gone") { Tone = instance => instance.IsAlive ? Tone.Good : Tone.Bad },
            new("lanes", instance => instance.Lanes.Count == 0 ? "" : string.Join(", ", instance.Lanes)),
            new("relay seen", instance => instance.RelaySeenAt is { } seen ? Ages.At(seen, now) : "no relay"),
            new("alive until", instance => instance.AliveUntil is { } until ? Ages.At(until, now) : ""),
            new("endpoints", instance => string.Join(", ", instance.Endpoints)));
        return ExitCode.Done;
    }
}
