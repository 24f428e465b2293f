using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Connecting;

namespace Outbox.Cli.Diagnosing;

/// <summary>What this user may do: see, or also act.</summary>
internal static class RightsCheck
{
    private static readonly string[] Acting = ["insert", "update", "remove"];

    public static async Task<Diagnosis> RunAsync(OutboxPlace place, CancellationToken cancellation)
    {
        var status = await place.Database.RunCommandAsync<BsonDocument>(new BsonDocument { { "connectionStatus", 1 }, { "showPrivileges", true } }, cancellationToken: cancellation).ConfigureAwait(false);
        return Judge(status["authInfo"].AsBsonDocument, place.Name, place.Collections.Names.Parked);
    }

    public static Diagnosis Judge(BsonDocument info, string database, string collection)
    {
        if (info.GetValue("authenticatedUsers", new BsonArray()).AsBsonArray.Count == 0)
        {
            return Diagnosis.Warning(
                "rights", "Nobody has logged in. Either MongoDB has no access control, and whoever reaches it may read and change everything; or only this connection names no user.", "Run it with authorization, and a user for each service.");
        }

        var actions = info.GetValue("authenticatedUserPrivileges", new BsonArray()).AsBsonArray.Select(privilege => privilege.AsBsonDocument)
            .Where(privilege => Covers(privilege["resource"].AsBsonDocument, database, collection))
            .SelectMany(privilege => privilege["actions"].AsBsonArray.Select(action => action.ToString()))
            .ToHashSet(StringComparer.Ordinal);
        return !actions.Contains("find") && !actions.Contains("anyAction") ? Diagnosis.Wrong("rights", $"This user may not read database {database}.", "Give it the role read, and readWrite to act.")
            : Acting.All(actions.Contains) || actions.Contains("anyAction") ? Diagnosis.Ok("rights", "This user may see, and act.")
            : Diagnosis.Ok("rights", "This user may see. To act (retry, discard, pause and so on) it would need the role readWrite.");
    }

    private static bool Covers(BsonDocument resource, string database, string collection) =>
        resource.GetValue("anyResource", false).ToBoolean()
        || (resource.TryGetValue("db", out var db) && (db == "" || db == database) && resource.TryGetValue("collection", out var of) && (of == "" || of == collection));
}
