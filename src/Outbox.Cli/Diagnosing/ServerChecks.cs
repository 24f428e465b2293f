using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Answers;
using Outbox.Cli.Connecting;

namespace Outbox.Cli.Diagnosing;

/// <summary>Whether the MongoDB server is one that the guarantees hold on.</summary>
internal static class ServerChecks
{
    private static readonly Version Oldest = new(4, 4);

    /// <summary>Within this nobody can tell the clocks apart: the answer's own way takes as long.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<Diagnosis>> RunAsync(OutboxPlace place, TimeProvider time, CancellationToken cancellation) =>
    [
        Topology(place.Hello),
        await VersionAsync(place, cancellation).ConfigureAwait(false),
        await ClockAsync(place, time, cancellation).ConfigureAwait(false),
    ];

    private static Diagnosis Topology(BsonDocument hello)
    {
        if (hello.GetValue("msg", "") == "isdbgrid")
        {
            return Diagnosis.Ok("topology", "A sharded cluster.");
        }

        if (!hello.TryGetValue("setName", out var set))
        {
            return Diagnosis.Wrong(
                "topology", "The server is a standalone, which has no transactions.", "Start it with --replSet rs0, run rs.initiate() once in mongosh, and add ?replicaSet=rs0 to the connection string.");
        }

        var members = hello.GetValue("hosts", new BsonArray()).AsBsonArray.Count;
        return members switch
        {
            1 => Diagnosis.Warning("topology", $"Replica set {set} has one member: while it is down nothing is captured, and its disk is the only copy.", "Three members survive the loss of one."),
            2 => Diagnosis.Warning("topology", $"Replica set {set} has two members that hold data: without one of them no write is acknowledged by a majority.", "Add a third member."),
            _ => Diagnosis.Ok("topology", $"Replica set {set} with {members} members."),
        };
    }

    private static async Task<Diagnosis> VersionAsync(OutboxPlace place, CancellationToken cancellation)
    {
        var built = await place.Database.RunCommandAsync<BsonDocument>(new BsonDocument("buildInfo", 1), cancellationToken: cancellation).ConfigureAwait(false);
        var text = built.GetValue("version", "").ToString() ?? "";
        return !Version.TryParse(text.Split('-')[0], out var version) ? Diagnosis.Unknown("version", $"MongoDB calls its version '{text}'.")
            : version < Oldest ? Diagnosis.Wrong("version", $"MongoDB {text} is older than {Oldest}, which is the oldest that works.", "Upgrade it.")
            : Diagnosis.Ok("version", $"MongoDB {text}.");
    }

    /// <summary>The server's clock is what leases, pauses and times of documents go by. This host's is what a person compares them with.</summary>
    private static async Task<Diagnosis> ClockAsync(OutboxPlace place, TimeProvider time, CancellationToken cancellation)
    {
        var (before, started) = (time.GetUtcNow(), time.GetTimestamp());
        var hello = await place.Database.RunCommandAsync<BsonDocument>(new BsonDocument("isMaster", 1), cancellationToken: cancellation).ConfigureAwait(false);
        var way = time.GetElapsedTime(started);
        var skew = new DateTimeOffset(hello["localTime"].ToUniversalTime()) - (before + (way / 2));
        return skew.Duration() <= Skew + way
            ? Diagnosis.Ok("clock", $"The clocks of MongoDB and this host agree within {Ages.Of(Skew)}.")
            : Diagnosis.Warning(
                "clock",
                $"MongoDB's clock is {Ages.Of(skew)} {(skew > TimeSpan.Zero ? "ahead of" : "behind")} this host's. The outbox goes by MongoDB's; a broker refuses records more than an hour ahead of its own.",
                "Have all hosts keep their time (chrony, systemd-timesyncd).");
    }
}
