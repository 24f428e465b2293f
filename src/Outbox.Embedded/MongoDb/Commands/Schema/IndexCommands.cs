using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Clients;
using Outbox.Embedded.MongoDb.Commands.Reads;
using Outbox.Embedded.MongoDb.Commands.Writes;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Indexing;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Protocol;
using Outbox.Embedded.MongoDb.Storage;

namespace Outbox.Embedded.MongoDb.Commands.Schema;

/// Indexes: made, listed, changed and dropped.
internal static class IndexCommands
{
    private const int MostIndexes = 64;

    public static IEnumerable<CommandSpec> All { get; } =
    [
        new("createIndexes", Traits.Write | Traits.Transactional, CreateAsync, "indexes", "commitQuorum"),
        new("dropIndexes", Traits.Write, DropAsync, "index"),
        new("listIndexes", Traits.Read, List, "cursor"),
        new("collMod", Traits.Write, Modify, "index"),
    ];

    private static async ValueTask<Reply> CreateAsync(CommandContext context)
    {
        var specs = context.Command.Required<BsonArray>("indexes").Select(s => IndexSpec.Parse(s.AsBsonDocument, context.Variables)).ToList();
        var created = context.Store.Catalog.Find(context.Collection) is null;
        var collection = context.Store.Catalog.FindOrCreate(context.Collection, context.Transaction);
        var before = collection.Indexes.Length;
        var missing = specs.Where(spec => IndexNames.IsNew(collection, spec)).ToList();
        if (missing.Count > 0)
        {
            RequireNewInTransaction(context, collection);
            await OpenWrites.AwaitAsync(context, collection).ConfigureAwait(false);
            if (collection.NeverWas)
            {
                // It was made by the transaction that was waited for, and that was aborted.
                return await CreateAsync(context).ConfigureAwait(false);
            }
        }

        if (collection.Indexes.Length + missing.Count > MostIndexes)
        {
            throw new MongoError(67, "CannotCreateIndex", $"add index fails, too many indexes for {collection.Name}: {MostIndexes} at most");
        }

        foreach (var spec in missing.Where(spec => IndexNames.IsNew(collection, spec)))
        {
            context.Store.Catalog.AddIndex(collection, spec);
        }

        context.OperationTime = context.Store.ReadLast();
        var reply = new BsonDocument
        {
            { "numIndexesBefore", before },
            { "numIndexesAfter", collection.Indexes.Length },
            { "createdCollectionAutomatically", created },
        };
        return new Reply(missing.Count == 0 ? reply.Add("note", "all indexes already exist") : reply);
    }

    private static void RequireNewInTransaction(CommandContext context, Collection collection)
    {
        if (context.Transaction is { } transaction && !transaction.Created.Contains(collection))
        {
            throw new MongoError(263, "OperationNotSupportedInTransaction", "Cannot create new indexes on existing collection in a multi-document transaction.");
        }
    }

    private static async ValueTask<Reply> DropAsync(CommandContext context)
    {
        var collection = Existing(context);
        var before = collection.Indexes.Length;
        var named = context.Command.Required<BsonValue>("index") switch
        {
            BsonString { Value: "*" } => collection.Indexes.Where(i => !i.Spec.IsId).ToList(),
            BsonArray names => [.. names.Select(name => IndexNames.Find(collection, name))],
            var one => [IndexNames.Find(collection, one)],
        };
        if (named.Exists(i => i.Spec.IsId))
        {
            throw MongoError.InvalidOptions("cannot drop _id index");
        }

        await OpenWrites.AwaitAsync(context, collection).ConfigureAwait(false);
        context.Store.Catalog.RemoveIndexes(collection, named);
        context.Server.Cursors.ReleaseGone();
        context.OperationTime = context.Store.ReadLast();
        return Reply.Ok(new BsonElement("nIndexesWas", before));
    }

    private static ValueTask<Reply> List(CommandContext context)
    {
        var collection = Existing(context);
        var listed = collection.Indexes.Select(index => Raw.Encode(index.Spec.ToBson())).ToList();
        var cursor = new Cursor(collection.Name, listed, context.ReadScope(), context.Session);
        return new(Batches.First(context, cursor, single: false, context.Command.OptionalDocument("cursor") ?? []));
    }

    private static ValueTask<Reply> Modify(CommandContext context)
    {
        var collection = Existing(context);
        var change = context.Command.Required<BsonDocument>("index");
        change.OnlyKnows("collMod.index", "name", "keyPattern", "expireAfterSeconds", "hidden");
        var index = IndexNames.Find(collection, change.Optional("name") ?? change.Required<BsonDocument>("keyPattern"));
        var reply = new BsonDocument();
        if (change.Optional("expireAfterSeconds") is { } seconds)
        {
            var before = index.Spec.ExpireAfterSeconds ?? throw MongoError.InvalidOptions("no expireAfterSeconds field to update");
            context.Store.Catalog.ChangeIndex(collection, index, index.Spec with { ExpireAfterSeconds = IndexSpec.Seconds(seconds) });
            reply.Add("expireAfterSeconds_old", before).Add("expireAfterSeconds_new", seconds);
        }

        if (change.Optional("hidden") is { } hidden)
        {
            reply.Add("hidden_old", index.Spec.Hidden).Add("hidden_new", hidden);
            context.Store.Catalog.ChangeIndex(collection, index, index.Spec with { Hidden = hidden.ToBoolean() });
        }

        return new(new Reply(reply));
    }

    private static Collection Existing(CommandContext context) => context.Store.Catalog.Find(context.Collection)
        ?? throw MongoError.NamespaceNotFound($"ns does not exist: {context.Collection}");
}
