using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.ChangeStreams;

/// What an update changed, found by comparing the document before and after it.
internal static class UpdateDescription
{
    public static BsonDocument Between(BsonDocument before, BsonDocument after)
    {
        var (updated, removed) = (new BsonDocument(), new BsonArray());
        Documents(before, after, "", updated, removed);
        return new BsonDocument { { "updatedFields", updated }, { "removedFields", removed } };
    }

    private static void Documents(BsonDocument before, BsonDocument after, string prefix, BsonDocument updated, BsonArray removed)
    {
        foreach (var element in after)
        {
            if (!before.TryGetValue(element.Name, out var old))
            {
                updated[prefix + element.Name] = element.Value;
            }
            else
            {
                Values(old, element.Value, prefix + element.Name, updated, removed);
            }
        }

        removed.AddRange(before.Names.Where(name => !after.Contains(name)).Select(name => prefix + name));
    }

    private static void Values(BsonValue before, BsonValue after, string path, BsonDocument updated, BsonArray removed)
    {
        if (BsonEquality.Identical(before, after))
        {
            return;
        }

        switch (before, after)
        {
            case (BsonDocument { ElementCount: > 0 } old, BsonDocument { ElementCount: > 0 } now):
                Documents(old, now, path + ".", updated, removed);
                break;
            case (BsonArray { Count: > 0 } old, BsonArray now) when now.Count >= old.Count:
                for (var i = 0; i < now.Count; i++)
                {
                    if (i >= old.Count || !BsonEquality.Identical(old[i], now[i]))
                    {
                        updated[$"{path}.{i}"] = now[i];
                    }
                }

                break;
            default:
                updated[path] = after;
                break;
        }
    }
}
