using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Stages.Grouping;

/// <summary>What one group knows of one field.</summary>
internal abstract class Accumulator
{
    public abstract void Add(BsonValue? value);

    public abstract BsonValue Result();
}
