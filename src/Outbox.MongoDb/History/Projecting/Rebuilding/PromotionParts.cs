using Microsoft.Extensions.Logging;

namespace Outbox.MongoDb.History.Projecting.Rebuilding;

/// <summary>What is needed everywhere.</summary>
internal sealed record PromotionParts(TimeProvider Time, ILogger<Promotion> Logger);
