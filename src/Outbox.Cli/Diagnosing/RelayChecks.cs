using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Answers;
using Outbox.Cli.Connecting;
using Outbox.Operations.Seeing;

namespace Outbox.Cli.Diagnosing;

/// <summary>Whether somebody relays, and what dead processes have left.</summary>
internal static class RelayChecks
{
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(5);

    public static async Task<IReadOnlyList<Diagnosis>> RunAsync(OutboxPlace place, CancellationToken cancellation) =>
        [await LanesAsync(place, cancellation).ConfigureAwait(false), await DeadAsync(place, cancellation).ConfigureAwait(false)];

    private static async Task<Diagnosis> LanesAsync(OutboxPlace place, CancellationToken cancellation)
    {
        var lanes = await place.Get<IOutboxOverview>().ListLanesAsync(cancellation).ConfigureAwait(false);
        var free = lanes.Where(lane => lane.Owner is null).ToList();
        if (lanes.Count == 0)
        {
            return Diagnosis.Wrong("relay", "There are no lanes: the service was never installed here.", "Start it once with Outbox:MongoDb:Install.");
        }

        if (free.Count == 0)
        {
            return Diagnosis.Ok("relay", $"All {lanes.Count} lanes have an owner; {(lanes.Select(lane => lane.Owner).Distinct().Count() is var relays and > 1 ? $"{relays} relays share them" : "one relay has them")}.");
        }

        var isPending = await place.Collections.OutboxDocuments.Find(new BsonDocument()).Limit(1).AnyAsync(cancellation).ConfigureAwait(false);
        var what = free.Count == lanes.Count ? "No relay runs" : $"Lanes {string.Join(", ", free.Select(lane => lane.Number))} have no owner";
        return isPending
            ? Diagnosis.Wrong("relay", $"{what}, and messages are pending.", "Start the service, or the process that relays for it (RelayEnabled). A killed relay's lanes are taken over within a lease.")
            : Diagnosis.Warning("relay", $"{what}; nothing is pending.", "A service that publishes needs a process with RelayEnabled.");
    }

    private static async Task<Diagnosis> DeadAsync(OutboxPlace place, CancellationToken cancellation)
    {
        var old = new BsonDocument("expiresAt", new BsonDocument("$lt", (place.Now - Lately).UtcDateTime));
        var dead = await place.Collections.Instances.CountDocumentsAsync(old, new CountOptions { Limit = 100 }, cancellation).ConfigureAwait(false);
        return dead == 0
            ? Diagnosis.Ok("instances", "No dead process has left its transactions open.")
            : Diagnosis.Warning(
                "instances",
                $"{dead} processes died more than {Ages.Of(Lately)} ago, and no living one has ended their transactions; MongoDB does so by itself after a minute.",
                "The next instance that starts ends them and takes them off the list.");
    }
}
