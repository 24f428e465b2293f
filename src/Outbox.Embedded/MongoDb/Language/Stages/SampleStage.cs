using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Stages.Sequences;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Stages;

/// <summary>
/// Documents by lot, others each time that it runs in one pipeline. The first lot from the same source is the same, so that what depends on it can be replayed.
/// </summary>
internal sealed class SampleStage(int size) : Stage
{
    private Random? _lots;

    public static SampleStage Parse(BsonValue argument) =>
        argument is BsonDocument { ElementCount: 1 } document && Numbers.IsNumber(document.Find("size"))
            ? Numbers.TryTruncate(document["size"], out var size) && size >= 0 ? new SampleStage((int)Math.Min(size, int.MaxValue))
                : throw MongoError.Location(28747, "size argument to $sample must not be negative")
            : throw MongoError.Location(28749, "$sample stage must specify a size");

    public override bool Shapes => false;

    public override IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source, Scope? outer)
    {
        var documents = source.ToArray();
        (_lots ??= new Random(documents.Length)).Shuffle(documents);
        return documents.Take(size);
    }
}
