using System.Globalization;

namespace Outbox.MongoDb.Installation;

/// <summary>All that the installer would create, for mongosh.</summary>
internal static class InstallScript
{
    public static string Of(string database, CollectionNames names, OutboxOptions options, MongoDbOptions mongo)
    {
        var leases = IndexScript.Collection(names.Leases);
        string[] lines =
        [
            "// Collections, indexes and lanes of the outbox, for mongosh. What is there already stays as it is, so it may run again.",
            $"db = db.getSiblingDB({IndexScript.Quoted(database)});",
            $"for (const name of [{string.Join(", ", names.All.Select(IndexScript.Quoted))}]) {{",
            "  if (!db.getCollectionNames().includes(name)) db.createCollection(name);",
            "}",
            .. WantedIndexes.Of(names, options, mongo).Select(IndexScript.Create),
            $"if ({leases}.countDocuments({{}}) === 0) {{",
            string.Create(CultureInfo.InvariantCulture, $"  for (let lane = 0; lane < {options.Lanes}; lane++) {{"),
            $"    {leases}.insertOne({{ _id: NumberInt(lane), owner: null, epoch: NumberLong(0), expiresAt: new Date(0) }});",
            "  }",
            "}",
        ];
        return string.Join('\n', lines) + "\n";
    }
}
