using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Commands.Writes;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Storage;

namespace Outbox.Embedded.MongoDb.Commands.Outputs;

/// Fills a collection of its own, with the indexes of the one that it is to replace, and then gives it that one's name.
internal sealed class OutWriter(CommandContext context, Namespace target)
{
    private readonly Catalog _catalog = context.Store.Catalog;

    public async ValueTask RunAsync(IEnumerable<BsonDocument> documents)
    {
        var indexes = IndexesOf(_catalog.Find(target));
        _catalog.TryCreate(new Namespace(target.Database, $"tmp.agg_out.{Guid.NewGuid()}"), new BsonDocument(Collection.Temporary, true), out var made);
        try
        {
            foreach (var index in indexes.Where(index => !index.Spec.IsId))
            {
                _catalog.AddIndex(made, index.Spec);
            }

            await FillAsync(made, documents).ConfigureAwait(false);
            await RenameCommand.RenameAsync(context, made, target, current => Check(indexes, IndexesOf(current))).ConfigureAwait(false);
        }
        catch
        {
            _catalog.Drop(made);
            throw;
        }
    }

    private static IReadOnlyList<CollectionIndex> IndexesOf(Collection? collection) => collection is null ? [] : collection.Indexes;

    private async ValueTask FillAsync(Collection made, IEnumerable<BsonDocument> documents)
    {
        var modifier = new Modifier(context);
        foreach (var document in documents)
        {
            context.Budget.Check();
            if (made.Dropped)
            {
                throw MongoError.NamespaceNotFound($"The collection {made.Name} was dropped while $out filled it");
            }

            var stored = document;
            var data = Documents.EncodeNew(ref stored, null, context);
            await modifier.InsertAsync(made.Name, stored, data).ConfigureAwait(false);
        }
    }

    private void Check(IReadOnlyList<CollectionIndex> before, IReadOnlyList<CollectionIndex> now)
    {
        if (before.Count != now.Count || !before.All(index => now.Any(other => other.Spec.Name == index.Spec.Name && other.Spec.SameAs(index.Spec))))
        {
            throw new MongoError(125, "CommandFailed", $"indexes of target collection {target} changed while processing $out");
        }
    }
}
