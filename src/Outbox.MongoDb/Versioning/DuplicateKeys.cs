using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.MongoDb.Versioning;

/// <summary>
/// Tells two writers that insert one entity at the same moment, which another attempt decides, from a duplicate in a unique index of the user's, which no attempt will.
/// </summary>
internal static class DuplicateKeys
{
    private const int DuplicateKey = 11000;
    private const string Index = " index: ";
    private const string Key = " dup key:";

    public static bool IsAny(MongoCommandException error) => error.Code == DuplicateKey;

    public static bool IsOfId(MongoCommandException error) => IsAny(error)
        && (error.Result?.GetValue("keyPattern", null) is BsonDocument pattern ? pattern.ElementCount == 1 && pattern.Contains("_id") : NamesId(error.ErrorMessage));

    public static bool IsOfId(BulkWriteError error) => error.Code == DuplicateKey && NamesId(error.Message);

    /// <summary>The index's key, or what else the server says of it.</summary>
    public static string Describe(MongoCommandException error) => error.Result?.GetValue("keyPattern", null)?.ToString() ?? error.ErrorMessage;

    /// <summary>The errors of a bulk write say it in words alone. What comes after <c>dup key</c> is a user's value; a clustered collection has no index to name.</summary>
    internal static bool NamesId(string message)
    {
        var end = message.IndexOf(Key, StringComparison.Ordinal);
        if (end < 0)
        {
            return false;
        }

        var start = message.IndexOf(Index, 0, end, StringComparison.Ordinal);
        return start < 0 || message[(start + Index.Length)..end].Split(' ')[0] == "_id_";
    }
}
