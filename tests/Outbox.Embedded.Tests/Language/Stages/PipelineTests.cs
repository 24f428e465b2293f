using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Stages;

namespace Outbox.Embedded.Tests.Language.Stages;

public sealed class PipelineTests
{
    private const string Source = """
        [{ _id: 1, k: 'a', n: 5, tags: ['x', 'y'] }, { _id: 2, k: 'b', n: 3, tags: [] }, { _id: 3, k: 'a', n: 1.5, tags: 'z' }, { _id: 4, n: null }]
        """;

    [Theory]
    [InlineData("[]", Source)]
    [InlineData("[{ $match: { k: 'a' } }, { $project: { n: 1 } }]", "[{ _id: 1, n: 5 }, { _id: 3, n: 1.5 }]")]
    [InlineData("[{ $sort: { n: -1 } }, { $project: { _id: 1 } }]", "[{ _id: 1 }, { _id: 2 }, { _id: 3 }, { _id: 4 }]")]
    [InlineData("[{ $sort: { k: 1, n: 1 } }, { $skip: 1 }, { $limit: 2 }, { $project: { _id: 1 } }]", "[{ _id: 3 }, { _id: 1 }]")]
    [InlineData("[{ $project: { _id: 0, n: 1, twice: { $multiply: ['$n', 2] } } }, { $limit: 1 }]", "[{ n: 5, twice: 10 }]")]
    [InlineData("[{ $match: { _id: 1 } }, { $project: { tags: 0, n: 0 } }]", "[{ _id: 1, k: 'a' }]")]
    [InlineData("[{ $match: { _id: 1 } }, { $unset: ['tags', 'n'] }]", "[{ _id: 1, k: 'a' }]")]
    [InlineData("[{ $match: { _id: 2 } }, { $addFields: { n: '$k', m: { $size: '$tags' } } }]", "[{ _id: 2, k: 'b', n: 'b', tags: [], m: 0 }]")]
    [InlineData("[{ $match: { _id: 1 } }, { $replaceWith: { v: '$n' } }]", "[{ v: 5 }]")]
    [InlineData("[{ $count: 'all' }]", "[{ all: 4 }]")]
    [InlineData("[{ $match: { _id: 9 } }, { $count: 'all' }]", "[]")]
    [InlineData("[{ $sortByCount: '$k' }]", "[{ _id: 'a', count: 2 }, { _id: 'b', count: 1 }, { _id: null, count: 1 }]")]
    [InlineData("[{ $facet: { all: [{ $count: 'n' }], a: [{ $match: { k: 'a' } }, { $project: { _id: 1 } }] } }]", "[{ all: [{ n: 4 }], a: [{ _id: 1 }, { _id: 3 }] }]")]
    public void Stages(string pipeline, string expected) => Check(pipeline, expected);

    [Theory]
    [InlineData("[{ $group: { _id: '$k', total: { $sum: '$n' }, docs: { $sum: 1 } } }]", "[{ _id: 'a', total: 6.5, docs: 2 }, { _id: 'b', total: 3, docs: 1 }, { _id: null, total: 0, docs: 1 }]")]
    [InlineData("[{ $group: { _id: null, avg: { $avg: '$n' }, min: { $min: '$n' }, max: { $max: '$n' } } }]", "[{ _id: null, avg: 3.1666666666666665, min: 1.5, max: 5 }]")]
    [InlineData("[{ $group: { _id: null, first: { $first: '$k' }, last: { $last: '$k' } } }]", "[{ _id: null, first: 'a', last: null }]")]
    [InlineData("[{ $group: { _id: null, all: { $push: '$k' }, set: { $addToSet: '$k' } } }]", "[{ _id: null, all: ['a', 'b', 'a'], set: ['a', 'b'] }]")]
    [InlineData("[{ $match: { k: 'a' } }, { $group: { _id: { k: '$k' }, m: { $mergeObjects: { n: '$n' } } } }]", "[{ _id: { k: 'a' }, m: { n: 1.5 } }]")]
    public void Groups(string pipeline, string expected) => Check(pipeline, expected);

    [Theory]
    [InlineData("[{ $unwind: '$tags' }, { $project: { tags: 1 } }]", "[{ _id: 1, tags: 'x' }, { _id: 1, tags: 'y' }, { _id: 3, tags: 'z' }]")]
    [InlineData("[{ $unwind: { path: '$tags', preserveNullAndEmptyArrays: true, includeArrayIndex: 'i' } }, { $project: { tags: 1, i: 1 } }]",
        "[{ _id: 1, tags: 'x', i: { $numberLong: '0' } }, { _id: 1, tags: 'y', i: { $numberLong: '1' } }, { _id: 2, i: null }, { _id: 3, tags: 'z', i: null }, { _id: 4, i: null }]")]
    public void Unwinding(string pipeline, string expected) => Check(pipeline, expected);

    [Theory]
    [InlineData("[{ $match: { _id: { $lte: 2 } } }, { $lookup: { from: 'others', localField: 'k', foreignField: 'key', as: 'o' } }, { $project: { o: 1 } }]",
        "[{ _id: 1, o: [{ key: 'a', v: 1 }, { key: ['a', 'b'], v: 2 }] }, { _id: 2, o: [{ key: ['a', 'b'], v: 2 }] }]")]
    [InlineData("[{ $match: { _id: 4 } }, { $lookup: { from: 'others', localField: 'k', foreignField: 'key', as: 'o' } }, { $project: { o: 1 } }]", "[{ _id: 4, o: [{ v: 3 }] }]")]
    [InlineData("[{ $match: { _id: 1 } }, { $lookup: { from: 'others', let: { mine: '$n' }, pipeline: [{ $match: { $expr: { $lt: ['$v', '$$mine'] } } }, { $project: { v: 1, sum: { $add: ['$v', '$$mine'] } } }], as: 'o' } }, { $project: { o: 1 } }]",
        "[{ _id: 1, o: [{ v: 1, sum: 6 }, { v: 2, sum: 7 }, { v: 3, sum: 8 }] }]")]
    [InlineData("[{ $match: { _id: 1 } }, { $set: { local: [{ k: [/a/, 'a'] }, 5] } }, { $lookup: { from: 'others', localField: 'local.k', foreignField: 'key', as: 'o' } }, { $project: { 'o.v': 1 } }]",
        "[{ _id: 1, o: [{ v: 1 }, { v: 2 }] }]")]
    [InlineData("[{ $match: { _id: 1 } }, { $set: { local: [{ k: 'b' }, { k: 'a' }] } }, { $lookup: { from: 'others', localField: 'local.0.k', foreignField: 'key', as: 'o' } }, { $project: { 'o.v': 1 } }]",
        "[{ _id: 1, o: [{ v: 2 }] }]")]
    [InlineData("[{ $match: { _id: 4 } }, { $unionWith: 'others' }]", "[{ _id: 4, n: null }, { key: 'a', v: 1 }, { key: ['a', 'b'], v: 2 }, { v: 3 }]")]
    public void Joins(string pipeline, string expected) => Check(pipeline, expected);

    [Theory]
    [InlineData("[{ $foo: 1 }]", 40324, "Unrecognized pipeline stage name: '$foo'")]
    [InlineData("[{ $match: {}, $limit: 1 }]", 40323, "exactly one field")]
    [InlineData("[1]", 14, "must be an object")]
    [InlineData("[{ $out: 'x' }, { $limit: 1 }]", 40601, "$out can only be the final stage")]
    [InlineData("[{ $facet: { a: [{ $merge: 'x' }] } }]", 40600, "$merge is not allowed")]
    [InlineData("[{ $graphLookup: {} }]", 238, "$graphLookup")]
    [InlineData("[{ $limit: 0 }]", 15958, "the limit must be positive")]
    [InlineData("[{ $sort: {} }]", 15976, "at least one sort key")]
    [InlineData("[{ $sort: { a: 2 } }]", 15975, "must be 1 (for ascending) or -1")]
    [InlineData("[{ $project: {} }]", 51272, "at least one field")]
    [InlineData("[{ $project: { a: 1, b: 0 } }]", 31254, "Cannot do exclusion on field b in inclusion projection")]
    [InlineData("[{ $project: { a: 0, b: 1 } }]", 31253, "Cannot do inclusion on field b in exclusion projection")]
    [InlineData("[{ $project: { a: 1, 'a.b': 1 } }]", 31249, "Path collision at a.b")]
    [InlineData("[{ $project: { 'a.b': 1, a: 1 } }]", 31250, "Path collision at a")]
    [InlineData("[{ $group: { n: { $sum: 1 } } }]", 15955, "must include an _id")]
    [InlineData("[{ $group: { _id: 1, n: 1 } }]", 40234, "must be an accumulator object")]
    [InlineData("[{ $group: { _id: 1, n: { $foo: 1 } } }]", 15952, "unknown group operator '$foo'")]
    [InlineData("[{ $unwind: 'tags' }]", 28818, "prefixed with a '$'")]
    [InlineData("[{ $count: '' }]", 40157, "non-empty string")]
    [InlineData("[{ $lookup: { from: 'x', as: 'y' } }]", 9, "localField")]
    [InlineData("[{ $addFields: { 'a.b': 1, a: 2 } }]", 31250, "Path collision at a")]
    public void Refusals(string pipeline, int code, string text) => Assert.Contains(text, Bson.Refused(code, () => Run(pipeline)).Message);

    private static void Check(string pipeline, string expected) => Bson.Same(Bson.List(expected), Run(pipeline));

    private static BsonArray Run(string pipeline) =>
        new(Pipeline.Parse(Bson.List(pipeline), Bson.Variables, Others).Run(Bson.List(Source).Select(item => item.AsBsonDocument)));

    private static IEnumerable<BsonDocument> Others(string name)
    {
        Assert.Equal("others", name);
        return Bson.List("[{ key: 'a', v: 1 }, { key: ['a', 'b'], v: 2 }, { v: 3 }]").Select(item => item.AsBsonDocument);
    }
}
