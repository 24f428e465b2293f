using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Protocol;
using Outbox.Embedded.MongoDb.Storage;

namespace Outbox.Embedded.MongoDb.Commands.Writes;

/// A collection's new name, perhaps in the place of another collection.
internal static class RenameCommand
{
    public static CommandSpec Spec { get; } = new("renameCollection", Traits.Write | Traits.Admin, RunAsync, "to", "dropTarget", "stayTemp");

    /// Renames at a moment when no open transaction has written to either collection. The check is made at that moment, and may refuse.
    public static async ValueTask RenameAsync(CommandContext context, Collection collection, Namespace to, Action<Collection?> check)
    {
        var from = collection.Name;
        while (!TryRename(context, collection, from, to, check))
        {
            await OpenWrites.AwaitAsync(context, collection).ConfigureAwait(false);
            if (context.Store.Catalog.Find(to) is { } replaced)
            {
                await OpenWrites.AwaitAsync(context, replaced).ConfigureAwait(false);
            }
        }

        context.Server.Cursors.ReleaseGone();
    }

    private static async ValueTask<Reply> RunAsync(CommandContext context)
    {
        var (from, to) = (NameOf(context.Command[0], context.Name), NameOf(context.Command.Required<BsonValue>("to"), "to"));
        var dropTarget = context.Command.Flag("dropTarget");
        if (from == to)
        {
            throw new MongoError(20, "IllegalOperation", "Can't rename a collection to itself");
        }

        var collection = context.Store.Catalog.Find(from) ?? throw NotFound(from);
        if (from.Database != to.Database)
        {
            throw MongoError.NotImplemented("renameCollection into another database");
        }

        await RenameAsync(context, collection, to, target => _ = target is null || dropTarget ? target : throw new MongoError(48, "NamespaceExists", "target namespace exists"))
            .ConfigureAwait(false);
        return Reply.Ok();
    }

    private static bool TryRename(CommandContext context, Collection collection, Namespace from, Namespace to, Action<Collection?> check)
    {
        lock (context.Store.Gate)
        {
            var target = context.Store.Catalog.Find(to);
            if (collection.Dropped || collection.Name != from)
            {
                throw NotFound(from);
            }

            check(target);
            if (OpenWrites.FindWriter(context, collection) is not null || (target is not null && OpenWrites.FindWriter(context, target) is not null))
            {
                return false;
            }

            context.OperationTime = context.Store.Catalog.Rename(collection, to);
            return true;
        }
    }

    private static Namespace NameOf(BsonValue value, string field)
    {
        var text = value is BsonString name ? name.Value : throw MongoError.TypeMismatch($"'{field}' must be of type String, not {value.BsonType}");
        return text.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && dot < text.Length - 1
            ? new Namespace(text[..dot], text[(dot + 1)..])
            : throw new MongoError(73, "InvalidNamespace", $"Invalid namespace specified '{text}'");
    }

    private static MongoError NotFound(Namespace name) => MongoError.NamespaceNotFound($"Source collection {name} does not exist");
}
