namespace Outbox.Embedded.MongoDb.Storage;

internal static class Names
{
    public static void Check(Namespace name)
    {
        if (name.Database.Length is 0 or > 63 || name.Database.AsSpan().IndexOfAny("/\\. \"$\0") >= 0)
        {
            throw new MongoError(73, "InvalidNamespace", $"Invalid database name: '{name.Database}'");
        }

        var collection = name.Collection;
        if (collection.Length == 0 || collection.StartsWith('.') || collection.EndsWith('.') || collection.AsSpan().IndexOfAny("$\0") >= 0
            || collection.Contains("..", StringComparison.Ordinal) || name.ToString().Length > 255)
        {
            throw new MongoError(73, "InvalidNamespace", $"Invalid namespace specified '{name}'");
        }

        if (collection.StartsWith("system.", StringComparison.Ordinal))
        {
            throw new MongoError(73, "InvalidNamespace", $"Cannot write to '{name}': this server keeps no system collections");
        }
    }
}
