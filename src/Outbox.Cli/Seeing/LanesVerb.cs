using System.CommandLine;
using System.Globalization;
using Outbox.Cli.Answers;
using Outbox.Cli.Calls;
using Outbox.Operations.Seeing;

namespace Outbox.Cli.Seeing;

/// <summary><c>lanes</c>: who publishes what.</summary>
internal static class LanesVerb
{
    public static Command Create(Caller caller) => caller.Runs(new Command("lanes", "List the lanes, who owns them, and how many messages wait in each (up to 10,000)."), RunAsync);

    private static async Task<ExitCode> RunAsync(Call call)
    {
        var place = await call.OpenAsync().ConfigureAwait(false);
        var lanes = (await place.Get<IOutboxOverview>().ListLanesAsync(call.Cancellation).ConfigureAwait(false)).Select(Lane.Of).ToList();
        var now = place.Now;
        call.Answer.Many(
            lanes,
            "There are no lanes.",
            new("lane", lane => lane.Number.ToString(CultureInfo.InvariantCulture)),
            new("owner", lane => lane.Owner ?? "nobody") { Tone = lane => lane.Owner is null ? Tone.Bad : Tone.Normal },
            new("lease", lane => lane.ExpiresAt == DateTimeOffset.UnixEpoch ? "never taken" : lane.Owner is null ? $"ended {Ages.At(lane.ExpiresAt, now)}" : $"ends {Ages.At(lane.ExpiresAt, now)}"),
            new("last owner", lane => lane.LastOwner),
            new("taken", lane => $"{lane.Epoch} times"),
            new("pending", lane => lane.Pending == IOutboxOverview.MostCounted ? "10,000 or more" : lane.Pending?.ToString(CultureInfo.InvariantCulture)));
        return ExitCode.Done;
    }
}
