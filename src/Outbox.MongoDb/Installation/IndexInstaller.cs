using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.MongoDb.Installation;

/// <summary>Creates the indexes that are missing, takes those that are there under whatever name, and changes times to live.</summary>
internal sealed class IndexInstaller(IMongoDatabase database)
{
    /// <summary>The index is there with other options, or its name with other keys: as servers of different ages say it.</summary>
    private static readonly int[] Conflicts = [85, 86];

    /// <exception cref="OutboxConfigurationException">An index that is there is in the way; the message says of what, and what to do.</exception>
    public async Task InstallAsync(WantedIndex wanted, IReadOnlyCollection<BsonDocument> existing, CancellationToken cancellationToken)
    {
        var index = existing.FirstOrDefault(wanted.IsServedBy);
        if (index is null)
        {
            await CreateAsync(wanted, existing, cancellationToken).ConfigureAwait(false);
        }
        else if (!wanted.ExpiresAs(index))
        {
            await ExpireAsync(wanted, index, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task CreateAsync(WantedIndex wanted, IReadOnlyCollection<BsonDocument> existing, CancellationToken cancellationToken)
    {
        var options = new CreateIndexOptions<BsonDocument> { Name = wanted.Name, PartialFilterExpression = wanted.Only, ExpireAfter = wanted.ExpireAfter };
        try
        {
            await database.GetCollection<BsonDocument>(wanted.Collection).Indexes
                .CreateOneAsync(new CreateIndexModel<BsonDocument>(wanted.Keys, options), cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (MongoCommandException error) when (Conflicts.Contains(error.Code))
        {
            var other = existing.FirstOrDefault(index => index["name"] == wanted.Name) ?? existing.FirstOrDefault(index => index["key"] == wanted.Keys);
            var name = other?["name"].AsString ?? wanted.Name;
            throw new OutboxConfigurationException(
                $"The collection '{Of(wanted)}' has an index '{name}' that is in the way of the one that the outbox needs, {IndexScript.Keys(wanted)}: {error.Message} "
                + $"If nothing else needs it, run {IndexScript.Drop(wanted.Collection, name)} in mongosh and start again.",
                error);
        }
    }

    private async Task ExpireAsync(WantedIndex wanted, BsonDocument index, CancellationToken cancellationToken)
    {
        var name = index["name"].AsString;
        var what = $"The index '{name}' of '{Of(wanted)}' {Expiry(index)}, and {wanted.Setting} asks for {wanted.ExpireAfter}.";
        if (!wanted.IsOurs && name != wanted.Name)
        {
            throw new OutboxConfigurationException(
                $"{what} It was not created by the outbox, so it was left as it is. Give both the same time; or, if nothing else needs the index, run "
                + $"{IndexScript.Drop(wanted.Collection, name)} in mongosh and start again.");
        }

        var change = new BsonDocument
        {
            { "collMod", wanted.Collection }, { "index", new BsonDocument { { "name", name }, { "expireAfterSeconds", wanted.Seconds } } },
        };
        try
        {
            await database.RunCommandAsync<BsonDocument>(change, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (MongoCommandException error)
        {
            throw new OutboxConfigurationException(
                $"{what} Changing it failed: {error.Message} Run db.runCommand({change.ToJson()}) in mongosh as a user with the right collMod (dbAdmin has it), or "
                + $"{IndexScript.Drop(wanted.Collection, name)} and start again.",
                error);
        }
    }

    private static string Expiry(BsonDocument index) =>
        index.TryGetValue("expireAfterSeconds", out var seconds) ? $"lets documents expire after {TimeSpan.FromSeconds(seconds.ToInt64())}" : "lets no document expire";

    private string Of(WantedIndex wanted) => $"{database.DatabaseNamespace.DatabaseName}.{wanted.Collection}";
}
