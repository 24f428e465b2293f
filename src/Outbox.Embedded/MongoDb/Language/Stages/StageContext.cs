using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Expressions;

namespace Outbox.Embedded.MongoDb.Language.Stages;

/// <summary>What stages are read with.</summary>
internal sealed record StageContext(ExpressionParser Expressions, Variables Variables, Func<string, IEnumerable<BsonDocument>>? ReadCollection);
