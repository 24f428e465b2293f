using Outbox.Embedded.MongoDb.Errors;

namespace Outbox.Embedded.MongoDb.History;

/// A collection's full name.
internal readonly record struct Namespace(string Database, string Collection)
{
    public override string ToString() => $"{Database}.{Collection}";

    /// Refuses what MongoDB does not allow as a name.
    public void Check()
    {
        if (Database.Length is 0 or > 63 || Database.AsSpan().IndexOfAny("/\\. \"$\0") >= 0)
        {
            throw new MongoError(73, "InvalidNamespace", $"Invalid database name: '{Database}'");
        }

        var collection = Collection;
        if (collection.Length == 0 || collection.StartsWith('.') || collection.EndsWith('.') || collection.AsSpan().IndexOfAny("$\0") >= 0
            || collection.Contains("..", StringComparison.Ordinal) || ToString().Length > 255)
        {
            throw new MongoError(73, "InvalidNamespace", $"Invalid namespace specified '{this}'");
        }

        if (collection.StartsWith("system.", StringComparison.Ordinal))
        {
            throw new MongoError(73, "InvalidNamespace", $"Cannot write to '{this}': this server keeps no system collections");
        }
    }
}
