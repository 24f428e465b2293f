using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;

namespace Outbox.Embedded.MongoDb.Language.Stages.Sequences;

/// <summary>Stages one after the other: a whole pipeline, or one within a stage.</summary>
internal sealed class StageSequence(Stage[] stages)
{
    private readonly bool _shapes = Array.Exists(stages, stage => stage.Shapes);

    public Stage? Last => stages.LastOrDefault();

    /// <summary>The stages behind the first ones.</summary>
    public StageSequence Behind(int count) => new(stages[count..]);

    /// <summary>The fields of the documents that come in that are looked at; <see langword="null"/> for all.</summary>
    public IReadOnlySet<string>? Fields => stages.FirstOrDefault()?.Fields;

    public IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source, Scope? outer)
    {
        for (var i = 0; i < stages.Length; i++)
        {
            source = stages[i].Run(source, outer);

            // Stages may nest documents deeper; a look now and then, and at the end, keeps them within what can be walked.
            source = _shapes && (i % 16 == 15 || i == stages.Length - 1) ? source.Select(document => Depth.Checked(document)) : source;
        }

        return source;
    }
}
