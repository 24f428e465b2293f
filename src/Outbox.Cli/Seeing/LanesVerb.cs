using System.CommandLine;
using System.Globalization;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Answers;
using Outbox.Cli.Calls;

namespace Outbox.Cli.Seeing;

/// <summary><c>lanes</c>: who publishes what.</summary>
internal static class LanesVerb
{
    private const int Most = 10_000;

    public static Command Create(Caller caller) => caller.Runs(new Command("lanes", "List the lanes, who owns them, and how many messages wait in each (up to 10,000)."), RunAsync);

    private static async Task<ExitCode> RunAsync(Call call)
    {
        var place = await call.OpenAsync().ConfigureAwait(false);
        var lanes = new List<Lane>();
        foreach (var lane in await Lane.ReadAsync(place, call.Cancellation).ConfigureAwait(false))
        {
            var pending = await place.Collections.OutboxDocuments
                .CountDocumentsAsync(new BsonDocument("lane", lane.Number), new CountOptions { Limit = Most }, call.Cancellation).ConfigureAwait(false);
            lanes.Add(lane with { Pending = pending });
        }

        var now = place.Now;
        call.Answer.Many(
            lanes,
            "There are no lanes.",
            new("lane", lane => lane.Number.ToString(CultureInfo.InvariantCulture)),
            new("owner", lane => lane.Owner ?? "nobody") { Tone = lane => lane.Owner is null ? Tone.Bad : Tone.Normal },
            new("lease", lane => lane.ExpiresAt == DateTimeOffset.UnixEpoch ? "never taken" : lane.Owner is null ? $"ended {Ages.At(lane.ExpiresAt, now)}" : $"ends {Ages.At(lane.ExpiresAt, now)}"),
            new("last owner", lane => lane.LastOwner),
            new("taken", lane => $"{lane.Epoch} times"),
            new("pending", lane => lane.Pending == Most ? "10,000 or more" : lane.Pending?.ToString(CultureInfo.InvariantCulture)));
        return ExitCode.Done;
    }
}
