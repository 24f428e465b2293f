using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Updates;

namespace Outbox.Embedded.Tests.Language.Updates;

internal static class Updating
{
    public static BsonDocument Apply(BsonDocument before, string update, string? query = null, string? arrayFilters = null)
    {
        var parsed = Update.Parse(Bson.Value(update), arrayFilters is null ? null : Bson.List(arrayFilters), Bson.Variables, allowReplacement: true);
        return parsed.Apply(before, query is null ? null : Filter.Parse(Bson.Doc(query), Bson.Variables), isInsert: false);
    }

    /// <summary>Applies the update and makes sure that the old document is left alone.</summary>
    public static void Check(string before, string update, string after, string? query = null, string? arrayFilters = null)
    {
        var document = Bson.Doc(before);
        Bson.Same(Bson.Doc(after), Apply(document, update, query, arrayFilters));
        Bson.Same(Bson.Doc(before), document);
    }
}
