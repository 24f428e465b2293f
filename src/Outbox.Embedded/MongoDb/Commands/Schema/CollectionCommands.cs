using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Clients;
using Outbox.Embedded.MongoDb.Commands.Reads;
using Outbox.Embedded.MongoDb.Commands.Writes;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Protocol;
using Outbox.Embedded.MongoDb.Storage;

namespace Outbox.Embedded.MongoDb.Commands.Schema;

/// Collections: made, listed and dropped.
internal static class CollectionCommands
{
    public static IEnumerable<CommandSpec> All { get; } =
    [
        new("create", Traits.Write | Traits.Transactional, Create, "capped", "autoIndexId", "writeConcern"),
        new("drop", Traits.Write, DropAsync),
        new("dropDatabase", Traits.Write, DropDatabaseAsync),
        new("listCollections", Traits.Read, List, "filter", "nameOnly", "cursor", "authorizedCollections"),
    ];

    private static ValueTask<Reply> Create(CommandContext context)
    {
        if (context.Command.Flag("capped"))
        {
            throw MongoError.InvalidOptions("capped collections are not supported by the embedded server");
        }

        if (!context.Store.Catalog.TryCreate(context.Collection, [], out var collection))
        {
            throw new MongoError(48, "NamespaceExists", $"Collection already exists. NS: {context.Collection}");
        }

        context.Transaction?.Created.Add(collection);
        return new(Reply.Ok());
    }

    private static async ValueTask<Reply> DropAsync(CommandContext context)
    {
        var collection = context.Store.Catalog.Find(context.Collection) ?? throw MongoError.NamespaceNotFound("ns not found");
        await OpenWrites.AwaitAsync(context, collection).ConfigureAwait(false);
        context.OperationTime = context.Store.Catalog.Drop(collection) ?? 0;
        context.Server.Cursors.ReleaseGone();
        return Reply.Ok(new("nIndexesWas", collection.Indexes.Length), new("ns", collection.Name.ToString()));
    }

    private static async ValueTask<Reply> DropDatabaseAsync(CommandContext context)
    {
        var all = context.Store.Catalog.All(context.Database);
        foreach (var collection in all)
        {
            await OpenWrites.AwaitAsync(context, collection).ConfigureAwait(false);
        }

        if (all.Count == 0)
        {
            return Reply.Ok();
        }

        context.OperationTime = context.Store.Catalog.DropDatabase(context.Database);
        context.Server.Cursors.ReleaseGone();
        return Reply.Ok(new BsonElement("dropped", context.Database));
    }

    private static ValueTask<Reply> List(CommandContext context)
    {
        var filter = Filter.Parse(context.Command.OptionalDocument("filter") ?? [], context.Variables);
        var namesOnly = context.Command.Flag("nameOnly");
        var listed = context.Store.Catalog.All(context.Database).Select(collection => Describe(collection, namesOnly)).Where(filter.Matches).Select(Raw.Encode).ToList();
        var cursor = new Cursor(new Namespace(context.Database, "$cmd.listCollections"), listed, context.ReadScope(), context.Session);
        return new(Batches.First(context, cursor, single: false, context.Command.OptionalDocument("cursor") ?? []));
    }

    private static BsonDocument Describe(Collection collection, bool nameOnly)
    {
        var described = new BsonDocument { { "name", collection.Name.Collection }, { "type", "collection" } };
        return nameOnly ? described : described.AddRange(new BsonDocument
        {
            { "options", collection.Options },
            { "info", new BsonDocument { { "readOnly", false }, { "uuid", collection.Uuid } } },
            { "idIndex", collection.Indexes[0].Spec.ToBson() },
        });
    }
}
